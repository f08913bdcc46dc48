/* SPDX-License-Identifier: MIT
 * The target of a request: segments of its path and members of its query, decoded one by one, so
 * that an encoded slash divides nothing. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_PATH_H
#define KOPPEL_DASHBOARD_DASHBOARD_PATH_H

#define DASHBOARD_PATH_SEGMENTS 16
#define DASHBOARD_PATH_MEMBERS 64

struct dashboard_path {
    char *memory; /* of all that follows */
    const char *segments[DASHBOARD_PATH_SEGMENTS]; /* "/a/b": "a", "b"; "/": none */
    int count;
    struct {
        const char *name, *value;
    } members[DASHBOARD_PATH_MEMBERS];
    int member_count;
};

/* -1: it is malformed, holds NUL, or has too many parts. dashboard_path_done in any case. */
int dashboard_path_parse(const char *target, struct dashboard_path *out);
void dashboard_path_done(struct dashboard_path *p);

#endif
