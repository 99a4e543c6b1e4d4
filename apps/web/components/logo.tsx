/** A coin on its way back. */
export function Logo({ className = "size-6" }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden className={className}>
      <rect width="24" height="24" rx="6" className="fill-accent" />
      <path
        d="M8.2 7.2 5.6 9.8l2.6 2.6M5.8 9.8h7.6a3.9 3.9 0 1 1 0 7.8H9.2"
        className="stroke-on-accent"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
