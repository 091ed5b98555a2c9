// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.

// \0rolldown/runtime.js
var __defProp = Object.defineProperty;
var __exportAll = ((all, flags) => {
	let target = Object.setPrototypeOf({}, null);
	for (var name in all) {
		__defProp(target, name, {
			get: all[name],
			enumerable: true
		});
	}
	if (!(flags & 1)) {
		__defProp(target, Symbol.toStringTag, { value: "Module" });
	}
	return flags & 2 ? target : Object.preventExtensions(target);
});

export { __exportAll as t };