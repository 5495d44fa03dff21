// What tests leave behind bears the number of the process that made it, so that a later run can tell what nobody will take away any more.

/** Whether a process of this machine runs, also one of somebody else. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
