/** An object with some of its methods in place of its own; everything else, set or read, is that of the object. */
export function overriding<Owner extends object>(owner: Owner, methods: Partial<Owner>): Owner {
  const bound = new Map<PropertyKey, { readonly of: unknown; readonly call: unknown }>();
  return new Proxy(owner, {
    get(target, key) {
      if (Object.hasOwn(methods, key)) return Reflect.get(methods, key);
      const value: unknown = Reflect.get(target, key, target);
      // A private member of a class is only there for the object itself.
      if (typeof value !== 'function' || key === 'constructor') return value;
      const known = bound.get(key);
      if (known?.of === value) return known.call;
      const call: unknown = value.bind(target);
      bound.set(key, { of: value, call });
      return call;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}
