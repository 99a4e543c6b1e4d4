import type { Dependencies } from "../dependencies.ts";
import { type ClaimedWindow, releaseWindow, renewWindow } from "./import-windows.ts";

type HoldDependencies = Pick<Dependencies, "database" | "clock">;

/**
 * A claim on a stretch that is kept while its page is worked at: leases are short, so that what a killed process had is
 * soon another's, and a page may take longer than one.
 */
export class WindowHold {
  #window: ClaimedWindow;
  #lost = false;
  readonly #dependencies: HoldDependencies;

  constructor(dependencies: HoldDependencies, window: ClaimedWindow) {
    this.#dependencies = dependencies;
    this.#window = window;
  }

  get window(): ClaimedWindow {
    return this.#window;
  }

  /**
   * Lengthens the lease where it is about to end. To be called between things that take seconds.
   *
   * @returns false when the stretch is somebody else's by now: what is done for it would be done twice
   */
  async keep(): Promise<boolean> {
    const renewed = this.#lost ? null : await renewWindow(this.#dependencies, this.#window);
    if (renewed === null) this.#lost = true;
    else this.#window = renewed;
    return !this.#lost;
  }

  /** Gives the stretch back as it was, so that it is tried again. */
  release(): Promise<void> {
    return releaseWindow(this.#dependencies, this.#window);
  }
}
