/* SPDX-License-Identifier: MIT
 * The program itself, as /proc tells it. */
#include "metrics/metrics_process.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "metrics/metrics_text.h"

#define US INT64_C(1000000)

/* One number, with its head. */
static void add(struct buf *out, const char *name, const char *kind, const char *help,
                int64_t value, int64_t parts)
{
    metrics_text_family(out, name, kind, help);
    metrics_text_part(out, name, NULL, value, parts);
}

static int64_t us_of(const struct timeval *time)
{
    return (int64_t)time->tv_sec * US + time->tv_usec;
}

/* Threads, and when it started in ticks after the machine did. -1: unknown. */
static int read_stat(long long *threads, long long *start)
{
    char text[1024];
    FILE *in = fopen("/proc/self/stat", "re");
    size_t n = in ? fread(text, 1, sizeof text - 1, in) : 0;
    if (in)
        fclose(in);
    text[n] = '\0';
    const char *name_end = strrchr(text, ')'); /* the name may hold anything */
    return name_end && sscanf(name_end + 1,
                              " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d"
                              " %*d %lld %*d %lld", threads, start) == 2
               ? 0 : -1;
}

static int64_t count_files(void)
{
    int64_t count = -1; /* the folder itself is open */
    DIR *dir = opendir("/proc/self/fd");
    const struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        count += entry->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return count;
}

void metrics_process_add(struct buf *out)
{
    long long threads, start, pages;
    struct rlimit limit;
    struct rusage used;
    int64_t files = count_files();
    FILE *in = fopen("/proc/self/statm", "re");
    if (getrusage(RUSAGE_SELF, &used) == 0)
        add(out, "process_cpu_seconds_total", "counter", "Processor time that was used",
            us_of(&used.ru_utime) + us_of(&used.ru_stime), US);
    if (in && fscanf(in, "%*d %lld", &pages) == 1)
        add(out, "process_resident_memory_bytes", "gauge", "Memory that is held",
            pages * sysconf(_SC_PAGESIZE), 1);
    if (in)
        fclose(in);
    if (files >= 0)
        add(out, "process_open_fds", "gauge", "Files and sockets that are open", files, 1);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        add(out, "process_max_fds", "gauge", "How many may be open", (int64_t)limit.rlim_cur, 1);
    if (read_stat(&threads, &start) != 0)
        return;
    int64_t age_ms = clock_monotonic_ms() - start * 1000 / sysconf(_SC_CLK_TCK);
    add(out, "process_threads", "gauge", "Threads that run", threads, 1);
    add(out, "process_start_time_seconds", "gauge", "When the program started, since 1970 UTC",
        clock_now_ms() - age_ms, 1000);
}
