/* SPDX-License-Identifier: MIT
 * The program itself, as /proc tells it. */
#include "metrics/metrics_process.h"

#include <dirent.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/process.h"
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
    struct process p = process_read();
    struct rlimit limit;
    struct rusage used;
    int64_t files = count_files();
    if (getrusage(RUSAGE_SELF, &used) == 0)
        add(out, "process_cpu_seconds_total", "counter", "Processor time that was used",
            us_of(&used.ru_utime) + us_of(&used.ru_stime), US);
    if (p.memory >= 0)
        add(out, "process_resident_memory_bytes", "gauge", "Memory that is held",
            p.memory, 1);
    if (files >= 0)
        add(out, "process_open_fds", "gauge", "Files and sockets that are open", files, 1);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        add(out, "process_max_fds", "gauge", "How many may be open", (int64_t)limit.rlim_cur, 1);
    if (p.threads < 0)
        return;
    add(out, "process_threads", "gauge", "Threads that run", p.threads, 1);
    add(out, "process_start_time_seconds", "gauge", "When the program started, since 1970 UTC",
        clock_now_ms() - p.up_ms, 1000);
}
