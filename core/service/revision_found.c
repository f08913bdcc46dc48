/* SPDX-License-Identifier: MIT
 * A configuration that was found on the disk. */
#include "service/revision_found.h"

#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>

#define WHO_BYTES 64

/* Is the first one changed later? */
static bool is_later(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

static void author_of(const struct revision_place *p, const struct conf *conf, char out[WHO_BYTES])
{
    struct stat st, last = {0};
    for (int i = 0; i < conf->read_count; i++) {
        /* what the program brought along was not written here */
        if (*revision_name(p, conf->reads[i].path) != '/' &&
            stat(conf->reads[i].path, &st) == 0 && is_later(&st.st_mtim, &last.st_mtim))
            last = st;
    }
    const struct passwd *user = getpwuid(last.st_uid);
    if (user)
        snprintf(out, WHO_BYTES, "%s", user->pw_name);
    else
        snprintf(out, WHO_BYTES, "user %u", (unsigned)last.st_uid);
}

int revision_found(const struct revision_place *p, const struct conf *conf, int64_t *seq,
                   struct koppel_error *err)
{
    char who[WHO_BYTES];
    author_of(p, conf, who);
    struct revision_origin origin = {who, "hand", NULL};
    return revision_activated(p, conf, &origin, seq, err);
}
