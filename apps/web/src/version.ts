/** Of this desk, and of the interface that it serves. */
export const version = "0.1.0";
