/* SPDX-License-Identifier: MIT
 * One configuration file: what libconfig 1.5 gets wrong or says badly is found here. */
#include "config/conf_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/regular.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_report.h"

#define INCLUDE "@include"
#define INCLUDE_LIMIT 10 /* includes inside one another; libconfig's own */
#define FILE_LIMIT (4 * 1024 * 1024) /* bytes of one file */

char *conf_file_text(const char *path, size_t *bytes, const char **why)
{
    FILE *in = regular_open(path, why);
    if (!in)
        return NULL;
    char *text = conf_held_must(malloc(FILE_LIMIT + 1));
    errno = 0;
    *bytes = fread(text, 1, FILE_LIMIT + 1, in);
    int failed = ferror(in) ? (errno ? errno : EIO) : *bytes > FILE_LIMIT ? EFBIG : 0;
    fclose(in);
    if (failed) {
        free(text);
        *why = strerror(failed);
        return NULL;
    }
    text[*bytes] = 0;
    return conf_held_must(realloc(text, *bytes + 1));
}

/* A number that libconfig would wrap silently: more than 32 bits without the L. */
static void number_check(struct conf_loader *l, const char *path, int line, const char *digits,
                         size_t n)
{
    if (digits[n] == 'L' || digits[n] == '.' || n < 10)
        return;
    if (n > 18 || strtoll(digits, NULL, 10) > INT_MAX)
        conf_report_add(l->report, false, path, line,
                        "the number %.*s is too large; write it as text in quotes", (int)n, digits);
}

/* Skips one comment or string at p; NULL: neither starts there. *open: the text ended in a line
 * comment, which libconfig takes for a syntax error. */
static const char *scan_skip(const char *p, int *line, bool *open)
{
    if (*p == '#' || (p[0] == '/' && p[1] == '/')) {
        p += strcspn(p, "\n");
        *open = !*p;
        return p;
    }
    if (p[0] == '/' && p[1] == '*') {
        const char *end = strstr(p + 2, "*/");
        end = end ? end + 2 : p + strlen(p);
        for (; p < end; p++)
            *line += *p == '\n';
        return p;
    }
    if (*p != '"')
        return NULL;
    for (p++; *p && *p != '"'; p++) {
        if (*p == '\\' && p[1])
            p++;
        *line += *p == '\n';
    }
    return *p ? p + 1 : p;
}

static int file_scan(struct conf_loader *l, const char *path, const char *text, size_t bytes,
                     int depth);

/* A file that p includes (`@include "name"`), which libconfig opens by itself, whatever it is. */
static int include_scan(struct conf_loader *l, const char *path, int line, const char *p, int depth)
{
    p += strlen(INCLUDE);
    p += strspn(p, " \t");
    size_t n = *p == '"' ? strcspn(p + 1, "\"\n") : 0;
    if (n == 0 || depth == INCLUDE_LIMIT)
        return 0; /* libconfig says so itself */
    const char *name = conf_held_text(l->held, "%s/%.*s", l->dir, (int)n, p + 1), *why = NULL;
    size_t bytes = 0;
    char *text = conf_file_text(name, &bytes, &why);
    if (!text) {
        conf_report_add(l->report, false, path, line, "cannot read %s: %s", name, why);
        return -1;
    }
    int rc = file_scan(l, name, text, bytes, depth + 1);
    free(text);
    return rc;
}

/* What libconfig 1.5 gets wrong or says badly. depth: of includes. -1: no use parsing. */
static int file_scan(struct conf_loader *l, const char *path, const char *text, size_t bytes,
                     int depth)
{
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0) {
        conf_report_add(l->report, false, path, 1,
                        "the file starts with a byte order mark; save it as UTF-8 without one");
        return -1;
    }
    if (strlen(text) != bytes) {
        conf_report_add(l->report, false, path, 0, "holds a NUL byte; it is no text file");
        return -1;
    }
    int line = 1;
    bool open = false, word = false;
    for (const char *p = text; *p;) {
        const char *behind = scan_skip(p, &line, &open);
        if (behind) {
            p = behind;
            word = false;
            continue;
        }
        if (strncmp(p, INCLUDE, strlen(INCLUDE)) == 0 && include_scan(l, path, line, p, depth) != 0)
            return -1;
        size_t n = strspn(p, "0123456789");
        if (n > 0 && !word)
            number_check(l, path, line, p, n);
        line += *p == '\n';
        p += n ? n : 1;
        word =
            strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-*.", p[-1]) &&
            p[-1] != '-';
    }
    if (open) {
        conf_report_add(l->report, false, path, line,
                        "the last line is a comment without a line break; add one");
        return -1;
    }
    return 0;
}

/* The text with its includes, as libconfig understood it, goes into the digest. */
static void file_digest(struct conf_loader *l, struct conf_file *f)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = conf_held_must(open_memstream(&text, &bytes));
    config_write(&f->cfg, out);
    fclose(out);
    conf_loader_digest(l, text, bytes);
    free(text);
}

int conf_file_open(struct conf_loader *l, struct conf_file *f, const char *path,
                   config_setting_t *at)
{
    size_t bytes = 0;
    const char *why = NULL;
    char *text = conf_file_text(path, &bytes, &why);
    if (!text) {
        if (at)
            conf_mistake(l, at, "cannot read %s: %s", path, why);
        else
            conf_report_add(l->report, false, path, 0, "cannot be read: %s", why);
        return -1;
    }
    int rc = file_scan(l, path, text, bytes, 0);
    free(text);
    if (rc != 0)
        return -1;
    config_init(&f->cfg);
    config_set_include_dir(&f->cfg, l->dir);
    f->path = conf_held_copy(l->held, path);
    if (!config_read_file(&f->cfg, path)) {
        const char *file = config_error_file(&f->cfg), *wrong = config_error_text(&f->cfg);
        conf_report_add(l->report, false, conf_loader_absolute(l, file ? file : path),
                        config_error_line(&f->cfg), "%s", wrong ? wrong : "cannot be read");
        config_destroy(&f->cfg);
        return -1;
    }
    f->root = config_root_setting(&f->cfg);
    if (l->digest)
        file_digest(l, f);
    return 0;
}

void conf_file_close(struct conf_file *f)
{
    config_destroy(&f->cfg);
}

config_setting_t *conf_file_name_of(struct conf_file *f)
{
    config_setting_t *s = conf_member_get(f->root, "name");
    if (s)
        return s;
    return config_setting_length(f->root) > 0 ? config_setting_get_elem(f->root, 0) : f->root;
}

static bool name_fits(const char *name)
{
    static const char all[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    size_t n = strlen(name);
    return n > 0 && n <= 64 && strspn(name, all) == n;
}

const char *conf_file_name(struct conf_loader *l, struct conf_file *f)
{
    const char *name = conf_member_text(l, f->root, "name", NULL);
    if (!name && !conf_member_get(f->root, "name"))
        conf_report_add(l->report, false, f->path, 0, "\"name\" is missing");
    else if (name && !name_fits(name))
        conf_mistake(l, conf_file_name_of(f),
                     "name \"%s\": use 1 to 64 letters, digits, '-', '_' and '.'", name);
    return conf_held_copy(l->held, name ? name : "");
}
