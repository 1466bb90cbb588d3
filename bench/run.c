/* Runs a program and writes a last line to standard error: seconds elapsed, seconds of processor
   time, and its largest resident size in KiB. Ends as the program did. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

int main(int count, char** arguments) {
  struct timespec begin, end;
  struct rusage used;
  int status = 0;
  if (count < 2) return 2;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  pid_t child = fork();
  if (child == 0) {
    execv(arguments[1], arguments + 1);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &used) != child) return 126;
  clock_gettime(CLOCK_MONOTONIC, &end);
  double elapsed =
      (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
  fprintf(stderr, "\n%.6f %.6f %ld\n", elapsed, seconds(used.ru_utime) + seconds(used.ru_stime),
          used.ru_maxrss);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
