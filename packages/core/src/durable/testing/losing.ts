import type { Engine } from "../port.ts";

/** An engine between which and the outbox messages get lost: it says yes to them and never starts. */
export function losing(engine: Engine): { engine: Engine; loseNext(): void } {
  let lost = 0;
  return {
    engine: {
      ...engine,
      async send(messages) {
        if (lost === 0) return engine.send(messages);
        lost -= 1;
      },
    },
    loseNext() {
      lost += 1;
    },
  };
}
