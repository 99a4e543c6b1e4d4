import { Fragment } from "react";

/** An address or a name without spaces, which may break after its marks and not inside a word. */
export function Breakable({ text }: { text: string }) {
  return text.split(/(?<=[@._/-])/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts have nothing but their place.
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
