/* SPDX-License-Identifier: MIT
 * How an engine hears of what another process left for it. Who changes the file touches the
 * engine's lock file afterwards; the engine watches that, and its own commits wake nobody. */
#include "store/sqlite_news.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

int sqlite_news(struct store *base)
{
    struct sqlite_store *s = sqlite_of(base);
    char *lock = NULL;
    if (s->news_fd >= 0 || s->sql.mode != STORE_ENGINE ||
        asprintf(&lock, "%s.lock", s->sql.path) < 0)
        return s->news_fd;
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd >= 0 && inotify_add_watch(fd, lock, IN_ATTRIB) < 0) {
        close(fd);
        fd = -1;
    }
    free(lock);
    s->news_fd = fd;
    return fd;
}

void sqlite_news_tell(struct sqlite_store *s)
{
    (void)futimens(s->tell_fd, NULL);
}
