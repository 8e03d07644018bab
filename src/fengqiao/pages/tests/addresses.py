"""Addresses for the room's own tests: pages may not know the rooms above."""

from django.urls import path
from django.views.i18n import set_language

from fengqiao.pages import views

urlpatterns = [path("language", set_language, name="set_language"), path("design", views.design)]
