"""A signed-in desk without a browser: cookies, the form's token, and the page's own addresses."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar


class Desk:
    """One person's session. A line that breaks gives None, as it may while things are killed."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def sign_in(self, username: str, password: str) -> bool:
        """Whether the board is shown afterwards."""
        page = self.ask("/sign-in")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page[1] if page else "")
        if found is None:
            return False
        given = {"username": username, "password": password, "csrfmiddlewaretoken": found[1]}
        answer = self.ask("/sign-in", given)
        return answer is not None and answer[0] == 200 and "/sign-out" in answer[1]

    def ask(self, path: str, given: dict[str, str] | None = None) -> tuple[int, str] | None:
        data = None if given is None else urllib.parse.urlencode(given).encode()
        headers = {"Referer": self.url + path}
        if token := next((cookie.value for cookie in self._jar if cookie.name == "fengqiao_csrf"), None):
            headers["X-CSRFToken"] = token
        request = urllib.request.Request(self.url + path, data, headers)
        try:
            with self._opener.open(request, timeout=15) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except (OSError, ValueError, urllib.error.URLError):
            return None
