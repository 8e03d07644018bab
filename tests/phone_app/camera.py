"""A camera for a browser that has none."""

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
