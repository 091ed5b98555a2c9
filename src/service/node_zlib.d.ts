/** Decompresses bytes of gzip; throws if they are damaged, or come to more than `maxOutputLength`. */
export function gunzipSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
/** Decompresses bytes of zlib; throws if they are damaged, or come to more than `maxOutputLength`. */
export function inflateSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
