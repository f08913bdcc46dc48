/* SPDX-License-Identifier: MIT
 * Files for the browser. */
#include "dashboard/dashboard_files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "dashboard/dashboard_assets.h"
#include "dashboard/dashboard_problem.h"

#define INDEX "index.html"
#define PATH_BYTES 256
#define FILE_BYTES (8 * 1024 * 1024)

static const struct kind {
    const char *ending, *type;
} kinds[] = {{".html", "text/html; charset=utf-8"},
             {".js", "text/javascript; charset=utf-8"},
             {".css", "text/css; charset=utf-8"},
             {".json", "application/json"},
             {".svg", "image/svg+xml"},
             {".png", "image/png"},
             {".ico", "image/x-icon"},
             {".woff2", "font/woff2"},
             {".txt", "text/plain; charset=utf-8"},
             {".webmanifest", "application/manifest+json"}};

static const char *type_of(const char *path)
{
    const char *ending = strrchr(path, '.');
    for (size_t i = 0; ending && i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(ending, kinds[i].ending) == 0)
            return kinds[i].type;
    }
    return NULL;
}

/* Segments as a path; false: they name no file that could be there. */
static bool path_of(const struct dashboard_path *p, char out[PATH_BYTES])
{
    size_t at = 0;
    if (p->count == 0 || (p->count == 1 && !*p->segments[0])) {
        memcpy(out, INDEX, sizeof INDEX);
        return true;
    }
    for (int i = 0; i < p->count; i++) {
        const char *s = p->segments[i];
        size_t length = strlen(s);
        if (length == 0 || *s == '.' || at + length + 2 > PATH_BYTES ||
            strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") !=
                length)
            return false;
        if (i > 0)
            out[at++] = '/';
        memcpy(out + at, s, length + 1);
        at += length;
    }
    return true;
}

/* The whole of a file below the folder; no link leads out of it. NULL: there is none. */
static char *read_below(const char *folder, const char *path, size_t *bytes)
{
    struct open_how how = {.flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_BENEATH};
    struct stat st;
    char *data = NULL;
    int dir = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = dir >= 0 ? (int)syscall(SYS_openat2, dir, path, &how, sizeof how) : -1;
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_BYTES)
        data = malloc((size_t)st.st_size + 1);
    *bytes = 0;
    while (data && *bytes < (size_t)st.st_size) {
        ssize_t n = read(fd, data + *bytes, (size_t)st.st_size - *bytes);
        if (n <= 0)
            break;
        *bytes += (size_t)n;
    }
    if (fd >= 0)
        close(fd);
    if (dir >= 0)
        close(dir);
    return data;
}

static bool answer_built_in(struct dashboard_request *r, const char *path)
{
    struct dashboard_answer *a = &r->answer;
    const struct dashboard_asset *asset = dashboard_assets_find(path);
    if (!asset)
        return false;
    snprintf(a->etag, sizeof a->etag, "%s", asset->etag);
    a->type = asset->type;
    a->cache = asset->immutable ? "public, max-age=31536000, immutable" : "no-cache";
    a->status = dashboard_request_has_it(r) ? 304 : 200;
    if (a->status == 200) {
        a->constant = asset->bytes;
        a->bytes = asset->size;
        a->gzip = true;
    }
    return true;
}

static bool answer_folder(struct dashboard_request *r, const char *folder, const char *path)
{
    struct dashboard_answer *a = &r->answer;
    const char *type = type_of(path);
    a->body = type ? read_below(folder, path, &a->bytes) : NULL;
    if (!a->body)
        return false;
    a->type = type;
    a->cache = "no-cache";
    a->status = 200;
    return true;
}

/* Where a log-in of another system ends: the page takes what it says to the one that began it.
 * Behind a "#" it goes to no server and no other page. */
static bool answer_callback(struct dashboard_request *r)
{
    const char *query = r->target ? strchr(r->target, '?') : NULL;
    bool here = r->path.count == 2 && strcmp(r->path.segments[0], "oauth") == 0 &&
                strcmp(r->path.segments[1], "callback") == 0;
    if (!here)
        return false;
    r->label = "callback";
    /* nothing but what an encoded query is made of */
    static const char allowed[] = "?abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "%&=+._~*-";
    size_t n = query ? strspn(query, allowed) : 0;
    if (asprintf(&r->answer.location, "/#/setup/back%.*s", (int)n, query ? query : "") < 0)
        r->answer.location = NULL;
    r->answer.status = r->answer.location ? 303 : 503;
    r->answer.type = "text/plain; charset=utf-8";
    r->answer.constant = "";
    return true;
}

void dashboard_files_answer(struct dashboard_request *r)
{
    char path[PATH_BYTES];
    const char *folder = getenv("KOPPEL_ASSETS");
    if (strcmp(r->method, "GET") != 0 && strcmp(r->method, "HEAD") != 0) {
        r->answer.allow = "GET, HEAD";
        dashboard_problem(&r->answer, 405, "http.method", "only GET and HEAD");
        return;
    }
    if (answer_callback(r))
        return;
    if (path_of(&r->path, path)) {
        r->label = "asset";
        if ((folder && *folder && answer_folder(r, folder, path)) || answer_built_in(r, path))
            return;
    }
    r->label = "other";
    dashboard_problem(&r->answer, 404, "http.none", "there is nothing at this address");
}
