/* SPDX-License-Identifier: MIT
 * What a service manager is told: the datagrams of sd_notify(3). */
#include "base/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "unit.h"

/* A manager that listens at the name; '@' is a name of no file. */
static int manager(const char *name)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(fd, 0);
    memcpy(at.sun_path, name, strlen(name));
    if (*name == '@')
        at.sun_path[0] = '\0';
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&at,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))), 0);
    setenv("NOTIFY_SOCKET", name, 1);
    return fd;
}

static void arrives(const char *name)
{
    char got[64];
    int fd = manager(name);
    ck_assert_int_eq(notify_send("READY=1\nSTATUS=x"), 0);
    ssize_t bytes = recv(fd, got, sizeof got, MSG_DONTWAIT);
    ck_assert_int_eq(bytes, 16);
    ck_assert_mem_eq(got, "READY=1\nSTATUS=x", 16);
    close(fd);
}

START_TEST(what_is_told_arrives)
{
    char file[64], name[64];
    snprintf(file, sizeof file, "/tmp/koppel-notify-%d", (int)getpid());
    snprintf(name, sizeof name, "@koppel-notify-%d", (int)getpid());
    arrives(file);
    unlink(file);
    arrives(name);
    unsetenv("NOTIFY_SOCKET");
    ck_assert_int_eq(notify_send("READY=1"), 0);
    setenv("NOTIFY_SOCKET", file, 1); /* nobody is there */
    ck_assert_int_eq(notify_send("READY=1"), -1);
    setenv("NOTIFY_SOCKET", "relative", 1);
    ck_assert_int_eq(notify_send("READY=1"), -1);
    ck_assert_int_eq(errno, EINVAL);
}
END_TEST

START_TEST(the_watchdog_is_for_this_process)
{
    char pid[32];
    unsetenv("WATCHDOG_USEC");
    ck_assert_int_eq(notify_watchdog_ms(), 0);
    setenv("WATCHDOG_USEC", "60000000", 1);
    unsetenv("WATCHDOG_PID");
    ck_assert_int_eq(notify_watchdog_ms(), 60000);
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    setenv("WATCHDOG_PID", pid, 1);
    ck_assert_int_eq(notify_watchdog_ms(), 60000);
    setenv("WATCHDOG_PID", "1", 1);
    ck_assert_int_eq(notify_watchdog_ms(), 0);
    setenv("WATCHDOG_USEC", "nonsense", 1);
    setenv("WATCHDOG_PID", pid, 1);
    ck_assert_int_eq(notify_watchdog_ms(), 0);
}
END_TEST

UNIT_MAIN("notify")
{
    tcase_add_test(t, what_is_told_arrives);
    tcase_add_test(t, the_watchdog_is_for_this_process);
}
