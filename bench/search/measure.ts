import { connectDatabase } from "@redress/database";
import { percentile, round } from "../statistics.ts";
import { readMiddle } from "./middle.ts";
import type { Asked, Question } from "./question.ts";
import { readSamples, type Sample } from "./samples.ts";

/** One database that is asked. */
export interface Subject extends Asked {
  readonly samples: readonly Sample[];
  close(): Promise<void>;
}

/** What one question took, at both sizes. */
export interface Timing {
  readonly name: string;
  /** Found by the median answer, at both sizes: what compares must be alike. */
  readonly found: number;
  readonly foundSmall: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p95SmallMs: number;
  readonly p95Ratio: number;
}

/** Asked before, uncounted: pages are read from the disk, and code is compiled. */
const warmUps = 20;

export async function openSubject(connectionString: string, runs: number): Promise<Subject> {
  const { database, close } = connectDatabase({ connectionString });
  const samples = await readSamples(connectionString, runs + warmUps);
  return { database, samples, middle: await readMiddle(connectionString), close };
}

/** Asks one question of both, in turns, so that whatever else the machine does is in both figures. */
export async function measureQuestion(
  question: Question,
  { small, large, runs }: { small: Subject; large: Subject; runs: number },
): Promise<Timing> {
  const [inSmall, inLarge] = [new Run(question, small), new Run(question, large)];
  for (let index = 0; index < runs + warmUps; index += 1) {
    await inSmall.ask(index, index >= warmUps);
    await inLarge.ask(index, index >= warmUps);
  }
  const [p95SmallMs, p95Ms] = [percentile(inSmall.times, 0.95), percentile(inLarge.times, 0.95)];
  return {
    name: question.name,
    found: percentile(inLarge.found, 0.5),
    foundSmall: percentile(inSmall.found, 0.5),
    p50Ms: round(percentile(inLarge.times, 0.5), 2),
    p95Ms: round(p95Ms, 2),
    p95SmallMs: round(p95SmallMs, 2),
    p95Ratio: round(p95Ms / p95SmallMs, 2),
  };
}

class Run {
  readonly times: number[] = [];
  readonly found: number[] = [];
  readonly #question: Question;
  readonly #subject: Subject;

  constructor(question: Question, subject: Subject) {
    this.#question = question;
    this.#subject = subject;
  }

  async ask(index: number, counts: boolean): Promise<void> {
    const sample = this.#subject.samples[index % this.#subject.samples.length];
    if (sample === undefined) throw new Error("there is no purchase to look for");
    const began = performance.now();
    const found = await this.#question.ask(this.#subject, sample);
    if (!counts) return;
    this.times.push(performance.now() - began);
    this.found.push(found);
  }
}
