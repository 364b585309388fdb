/**
 * Packs a flat set of small files into Electron's archive format: two Chromium pickles (the header's size, the
 * header as JSON), then the bytes of the files one after the other.
 * @param {Readonly<Record<string, Buffer>>} files by name
 * @returns {Buffer}
 */
export function packAsar(files) {
  let offset = 0;
  /** @type {Record<string, { size: number, offset: string }>} */
  const entries = {};
  for (const [name, bytes] of Object.entries(files)) {
    entries[name] = { size: bytes.length, offset: String(offset) };
    offset += bytes.length;
  }
  const json = Buffer.from(JSON.stringify({ files: entries }));
  const padding = Buffer.alloc((4 - (json.length % 4)) % 4);
  const header = pickle(Buffer.concat([uint32(json.length), json, padding]));
  return Buffer.concat([pickle(uint32(header.length)), header, ...Object.values(files)]);
}

/** @param {Buffer} payload */
const pickle = (payload) => Buffer.concat([uint32(payload.length), payload]);

/** @param {number} value */
function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
