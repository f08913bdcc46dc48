/* SPDX-License-Identifier: MIT
 * koppel stop: the engine that runs finishes the records at hand and ends; this waits for it. */
#include "commands/command_stop.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/visible.h"
#include "commands/command_ask.h"

#define WAIT_MS 30000 /* it ends within 10 s, whatever its plugins do */

/* Sleeps until the process has ended. */
static int wait_for_end(pid_t pid)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (fd < 0)
        return errno == ESRCH ? 0 : -1;
    struct pollfd end = {.fd = fd, .events = POLLIN};
    int rc = poll(&end, 1, WAIT_MS);
    close(fd);
    return rc == 1 ? 0 : -1;
}

int command_stop(const struct command_line *line)
{
    json_t *out;
    int rc = command_ask(line, "stop", json_object(), NULL, NULL, &out);
    const json_t *pid = json_object_get(out, "pid");
    if (rc == EXIT_OK && !json_is_integer(pid)) {
        visible_print(stdout, "no engine runs here\n");
    } else if (rc == EXIT_OK && wait_for_end((pid_t)json_integer_value(pid)) != 0) {
        visible_print(stderr, "koppel: the engine, process %" JSON_INTEGER_FORMAT
                      ", has not ended yet\n", json_integer_value(pid));
        rc = EXIT_FAILED;
    }
    json_decref(out);
    return rc;
}
