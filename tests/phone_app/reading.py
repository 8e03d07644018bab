"""What lies on a phone, read with its PIN as decision record 0024 says it is sealed: not with the app's own help."""

PIN = "135790"

# `base`, `rows(store, key?)`, `key`, `shown(row)`, `hidden(value)` for what comes after it in the same function.
OPENED = """
  const base = await new Promise((done, failed) => {
    const asked = indexedDB.open('fengqiao-field');
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => done(asked.result);
  });
  const rows = (store, key) => new Promise(done => {
    const held = base.transaction(store).objectStore(store);
    const asked = key ? held.get(key) : held.getAll();
    asked.onsuccess = () => done(asked.result);
  });
  const text = new TextEncoder(), subtle = crypto.subtle;
  const hkdf = (key, salt, info) => subtle.deriveBits({name: 'HKDF', hash: 'SHA-256', salt, info: text.encode(info)}, key, 256);
  const raw = (bits, kind, uses) => subtle.importKey('raw', bits, kind, false, uses);
  const opened = (key, {iv, data}) => subtle.decrypt({name: 'AES-GCM', iv}, key, data);
  const keyOf = async () => {
    const [phone, pin, lease] = [await rows('vault', 'phone'), await rows('vault', 'pin'), await rows('vault', 'lease')];
    const typed = await raw(text.encode('THE_PIN'), 'PBKDF2', ['deriveBits']);
    const slow = await subtle.deriveBits({name: 'PBKDF2', hash: 'SHA-256', salt: pin.salt, iterations: 310000}, typed, 256);
    const bits = await hkdf(phone.secret, slow, 'fengqiao pin');
    const wrap = await raw(await hkdf(await raw(bits, 'HKDF', ['deriveBits']), new Uint8Array(32), 'fengqiao lease'), 'AES-GCM', ['decrypt']);
    const part = await opened(wrap, lease);
    return raw(await hkdf(await raw(part, 'HKDF', ['deriveBits']), bits, 'fengqiao data'), 'AES-GCM', ['encrypt', 'decrypt']);
  };
  const key = window.readingKey ??= await keyOf();
  const shown = async row => JSON.parse(new TextDecoder().decode(await opened(key, row)));
  const hidden = async value => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return {iv, data: await subtle.encrypt({name: 'AES-GCM', iv}, key, text.encode(JSON.stringify(value)))};
  };
""".replace("THE_PIN", PIN)

READ = (
    "async name => {"
    + OPENED
    + """
  const found = await Promise.all((await rows(name)).map(async row => ({...await shown(row), bytes: row.picture ? row.picture.data.byteLength - 16 : 0})));
  base.close();
  return found;
}"""
)

# Without any key: what an unlocked phone's owner would see in the browser's own tools.
RAW = """name => new Promise(done => {
  const asked = indexedDB.open('fengqiao-field');
  asked.onsuccess = () => {
    const held = asked.result.transaction(name).objectStore(name);
    const rows = held.getAll();
    rows.onsuccess = () => { asked.result.close(); done(rows.result.map(row => row.head ? {id: row.id, what: row.what, answer: Boolean(row.answer)} : {id: row.id ?? ''})); };
  };
})"""
