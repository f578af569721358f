import type { Position } from "../diagnostics";
import type { PlaceOf } from "../model/rules/place";
import type { Path, Source } from "./source";

/** Remembers which part of which file a value of the model was read from, so that rules can point at it later. */
export class Places {
  private readonly origins = new WeakMap<object, { readonly source: Source; readonly path: Path }>();

  remember<T extends object>(value: T, source: Source, path: Path): T {
    this.origins.set(value, { source, path });
    return value;
  }

  /** A changed copy of a value stands where the value stood. */
  move<T extends object>(from: object, to: T): T {
    const origin = this.origins.get(from);
    if (origin !== undefined) this.origins.set(to, origin);
    return to;
  }

  readonly of: PlaceOf = (value, ...path): Position => {
    const origin = this.origins.get(value);
    return origin === undefined ? value.at : origin.source.positionOf([...origin.path, ...path]);
  };
}
