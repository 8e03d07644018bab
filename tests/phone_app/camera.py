"""A camera for a browser that has none, and an earlier photo at the station."""

from __future__ import annotations

import http.client
import io
import json

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from fengqiao.kit.ids import uuid7
from tests.program import Running

# What Chromium draws where a camera would be; whether it may is answered by itself.
FAKE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def photographed(running: Running, token: str) -> str:
    """One photo as somebody took it before; gives its id."""
    from PIL import Image

    picture, given = io.BytesIO(), str(uuid7())
    Image.new("RGB", (600, 800), (150, 60, 30)).save(picture, "JPEG")
    picture.seek(0)
    picture.name = "before.jpg"
    line = http.client.HTTPConnection("127.0.0.1", running.port, timeout=15)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": MULTIPART_CONTENT}
    line.request(
        "POST", "/api/v1/photos", encode_multipart(BOUNDARY, {"id": given, "file": picture}), headers
    )
    answer = json.loads(line.getresponse().read())
    line.close()
    return str(answer["id"])


# A picture of the camera's size, drawn here, chosen as the camera would hand it over.
DRAWN = """async count => {
  const files = new DataTransfer();
  for (let n = 0; n < count; n++) {
    const canvas = Object.assign(document.createElement('canvas'), {width: 2400, height: 1800});
    const pen = canvas.getContext('2d');
    for (let i = 0; i < 300; i++) { pen.fillStyle = `hsl(${Math.random() * 360} 80% 50%)`; pen.fillRect(Math.random() * 2400, Math.random() * 1800, 300, 200); }
    const blob = await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.95));
    files.items.add(new File([blob], `door-${n}.jpg`, {type: 'image/jpeg'}));
  }
  const input = document.querySelector('input[type=file]');
  input.files = files.files;
  input.dispatchEvent(new Event('change', {bubbles: true}));
}"""
