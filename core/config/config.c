/* SPDX-License-Identifier: MIT
 * Loads a configuration directory: files, connections, flows, and the checks between them.
 *
 * Loading goes on after a mistake, with something harmless in its place, so that one run reports
 * everything; the half-right result is thrown away at the end. */
#include "config/config.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "config/config_internal.h"
#include "model/model.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof(a)[0]))

/* ---- what a conf holds ---- */

struct held {
    struct held *next;
    void *thing;
    void (*done)(void *);
};

struct owned {
    struct conf conf; /* first: config_free gets this address */
    struct held *held;
};

static void *must(void *memory)
{
    if (!memory) {
        log_error("out of memory while reading the configuration");
        abort();
    }
    return memory;
}

void conf_keep(struct held **held, void *thing, void (*done)(void *))
{
    struct held *h = must(malloc(sizeof *h));
    *h = (struct held){*held, thing, done};
    *held = h;
}

void *conf_alloc(struct held **held, size_t bytes)
{
    void *memory = must(calloc(1, bytes ? bytes : 1));
    conf_keep(held, memory, free);
    return memory;
}

char *conf_copy(struct held **held, const char *text)
{
    char *copy = must(strdup(text ? text : ""));
    conf_keep(held, copy, free);
    return copy;
}

char *conf_text(struct held **held, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    must(n < 0 ? NULL : text);
    conf_keep(held, text, free);
    return text;
}

static void held_free(struct held *h)
{
    while (h) {
        struct held *next = h->next;
        h->done(h->thing);
        free(h);
        h = next;
    }
}

static void secret_done(void *s)
{
    secret_free(s);
}

static void json_done(void *j)
{
    json_decref(j);
}

static void catalogue_done(void *c)
{
    catalogue_free(c);
}

/* ---- the report ---- */

void conf_report_add(struct conf_report *r, bool warning, const char *file, int line,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = NULL;
    int n = vasprintf(&text, format, args);
    va_end(args);
    must(n < 0 ? NULL : text);
    r->items = must(realloc(r->items, sizeof *r->items * (size_t)(r->count + 1)));
    /* Files keep the order they were read in, lines the order they stand in. */
    int at = r->count, last = -1;
    for (int i = 0; i < r->count; i++) {
        if (strcmp(r->items[i].file, file) == 0)
            last = i;
    }
    if (last >= 0) {
        at = last + 1;
        while (at > 0 && strcmp(r->items[at - 1].file, file) == 0 && r->items[at - 1].line > line)
            at--;
    }
    memmove(r->items + at + 1, r->items + at, sizeof *r->items * (size_t)(r->count - at));
    r->items[at] = (struct conf_mistake){must(strdup(file)), line, warning, text};
    r->count++;
    r->errors += !warning;
}

void conf_report_print(const struct conf_report *r)
{
    for (int i = 0; i < r->count; i++) {
        const struct conf_mistake *m = &r->items[i];
        const char *kind = m->warning ? "warning: " : "";
        if (m->line > 0)
            fprintf(stderr, "%s:%d: %s%s\n", m->file, m->line, kind, m->text);
        else
            fprintf(stderr, "%s: %s%s\n", m->file, kind, m->text);
    }
}

void conf_report_done(struct conf_report *r)
{
    for (int i = 0; i < r->count; i++) {
        free(r->items[i].file);
        free(r->items[i].text);
    }
    free(r->items);
    *r = (struct conf_report){0};
}

struct conf_at at_of(struct loader *l, const config_setting_t *s)
{
    const char *file = config_setting_source_file(s);
    return (struct conf_at){file_absolute(l, file ? file : "koppel.conf"),
                            (int)config_setting_source_line(s)};
}

static void note(struct loader *l, const config_setting_t *s, bool warning, const char *text)
{
    struct conf_at at = at_of(l, s);
    conf_report_add(l->report, warning, at.file, at.line, "%s", text);
}

void mistake(struct loader *l, const config_setting_t *s, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    must(n < 0 ? NULL : text);
    note(l, s, false, text);
    free(text);
}

const char *hint(struct loader *l, const char *name, const char *const *names, int count)
{
    const char *near = config_nearest(name, names, count);
    return near ? conf_text(l->held, "; did you mean \"%s\"?", near) : "";
}

/* ---- files ---- */

const char *file_absolute(struct loader *l, const char *text)
{
    if (text[0] == '/')
        return conf_copy(l->held, text);
    return conf_text(l->held, "%s/%s", l->dir, text);
}

char *file_text(const char *path, size_t *bytes)
{
    FILE *in = fopen(path, "re");
    if (!in)
        return NULL;
    char *text = must(malloc(CONF_FILE_LIMIT + 1));
    *bytes = fread(text, 1, CONF_FILE_LIMIT + 1, in);
    int failed = ferror(in) ? (errno ? errno : EIO) : *bytes > CONF_FILE_LIMIT ? EFBIG : 0;
    fclose(in);
    if (failed) {
        free(text);
        errno = failed;
        return NULL;
    }
    text[*bytes] = 0;
    return must(realloc(text, *bytes + 1));
}

void digest_add(struct loader *l, const char *text, size_t bytes)
{
    if (l->digest)
        crypto_generichash_update(l->digest, (const unsigned char *)text, bytes);
}

/* A number that libconfig would wrap silently: more than 32 bits without the L. */
static void number_check(struct loader *l, const char *path, int line, const char *digits, size_t n)
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

/* What libconfig 1.5 gets wrong or says badly. -1: no use parsing. */
static int file_scan(struct loader *l, const char *path, const char *text, size_t bytes)
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
        size_t n = strspn(p, "0123456789");
        if (n > 0 && !word)
            number_check(l, path, line, p, n);
        line += *p == '\n';
        p += n ? n : 1;
        word = strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-*.", p[-1])
               && p[-1] != '-';
    }
    if (open) {
        conf_report_add(l->report, false, path, line,
                        "the last line is a comment without a line break; add one");
        return -1;
    }
    return 0;
}

/* The text with its includes, as libconfig understood it, goes into the digest. */
static void file_digest(struct loader *l, struct file *f)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = must(open_memstream(&text, &bytes));
    config_write(&f->cfg, out);
    fclose(out);
    digest_add(l, text, bytes);
    free(text);
}

int file_open(struct loader *l, struct file *f, const char *path, config_setting_t *at)
{
    size_t bytes = 0;
    errno = 0;
    char *text = file_text(path, &bytes);
    if (!text) {
        if (at)
            mistake(l, at, "cannot read %s: %s", path, strerror(errno));
        else
            conf_report_add(l->report, false, path, 0, "cannot be read: %s", strerror(errno));
        return -1;
    }
    int rc = file_scan(l, path, text, bytes);
    free(text);
    if (rc != 0)
        return -1;
    config_init(&f->cfg);
    config_set_include_dir(&f->cfg, l->dir);
    f->path = conf_copy(l->held, path);
    if (!config_read_file(&f->cfg, path)) {
        const char *file = config_error_file(&f->cfg), *why = config_error_text(&f->cfg);
        conf_report_add(l->report, false, file_absolute(l, file ? file : path),
                        config_error_line(&f->cfg), "%s", why ? why : "cannot be read");
        config_destroy(&f->cfg);
        return -1;
    }
    f->root = config_root_setting(&f->cfg);
    if (l->digest)
        file_digest(l, f);
    return 0;
}

void file_close(struct file *f)
{
    config_destroy(&f->cfg);
}

/* ---- members of a group ---- */

config_setting_t *get_member(config_setting_t *group, const char *name)
{
    return group && config_setting_is_group(group) ? config_setting_get_member(group, name) : NULL;
}

void check_keys(struct loader *l, config_setting_t *group, const char *const *names, int count)
{
    for (int i = 0; i < config_setting_length(group); i++) {
        config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
        const char *name = config_setting_name(s);
        bool known = false;
        for (int k = 0; k < count && !known; k++)
            known = strcmp(names[k], name) == 0;
        if (!known)
            mistake(l, s, "\"%s\" is not known here%s", name, hint(l, name, names, count));
    }
}

const char *get_text(struct loader *l, config_setting_t *group, const char *name, const char *absent)
{
    config_setting_t *s = get_member(group, name);
    if (!s)
        return absent;
    const char *text = config_setting_get_string(s);
    if (text)
        return text;
    mistake(l, s, "\"%s\" must be text in quotes", name);
    return absent;
}

bool get_bool(struct loader *l, config_setting_t *group, const char *name, bool absent)
{
    config_setting_t *s = get_member(group, name);
    if (!s)
        return absent;
    if (config_setting_type(s) == CONFIG_TYPE_BOOL)
        return config_setting_get_bool(s);
    mistake(l, s, "\"%s\" must be true or false", name);
    return absent;
}

static bool is_integer(const config_setting_t *s)
{
    return config_setting_type(s) == CONFIG_TYPE_INT || config_setting_type(s) == CONFIG_TYPE_INT64;
}

int64_t get_number(struct loader *l, config_setting_t *group, const char *name, int64_t min,
                   int64_t max, int64_t absent)
{
    config_setting_t *s = get_member(group, name);
    if (!s)
        return absent;
    if (is_integer(s)) {
        int64_t n = config_setting_get_int64(s);
        if (n >= min && n <= max)
            return n;
    }
    mistake(l, s, "\"%s\" must be a whole number from %lld to %lld", name, (long long)min,
            (long long)max);
    return absent;
}

int64_t get_duration(struct loader *l, config_setting_t *group, const char *name, int64_t absent)
{
    config_setting_t *s = get_member(group, name);
    int64_t ms = 0;
    if (!s)
        return absent;
    const char *text = config_setting_get_string(s);
    if (text && clock_parse_duration(text, &ms) == 0 && ms > 0)
        return ms;
    mistake(l, s, "\"%s\" must be a time such as \"30s\", \"5m\" or \"2h\"", name);
    return absent;
}

static const char *joined(struct loader *l, const char *const *values, int count)
{
    const char *all = "";
    for (int i = 0; i < count; i++)
        all = conf_text(l->held, "%s%s%s", all, i ? ", " : "", values[i]);
    return all;
}

int get_choice(struct loader *l, config_setting_t *group, const char *name,
               const char *const *values, int count, int absent)
{
    config_setting_t *s = get_member(group, name);
    if (!s)
        return absent;
    const char *text = config_setting_get_string(s);
    for (int i = 0; text && i < count; i++) {
        if (strcmp(values[i], text) == 0)
            return i;
    }
    mistake(l, s, "\"%s\" must be one of %s%s", name, joined(l, values, count),
            text ? hint(l, text, values, count) : "");
    return absent;
}

config_setting_t *get_group(struct loader *l, config_setting_t *group, const char *name)
{
    config_setting_t *s = get_member(group, name);
    if (!s || config_setting_is_group(s))
        return s;
    mistake(l, s, "\"%s\" must be a group, as in %s = { ... };", name, name);
    return NULL;
}

const char *scalar_text(struct loader *l, const config_setting_t *s)
{
    if (config_setting_type(s) == CONFIG_TYPE_STRING)
        return conf_copy(l->held, config_setting_get_string(s));
    if (config_setting_type(s) == CONFIG_TYPE_BOOL)
        return config_setting_get_bool(s) ? "true" : "false";
    if (is_integer(s))
        return conf_text(l->held, "%lld", config_setting_get_int64(s));
    return NULL;
}

const char **get_texts(struct loader *l, config_setting_t *s, int *count)
{
    bool many = config_setting_is_array(s) || config_setting_is_list(s);
    int n = many ? config_setting_length(s) : 1;
    const char **texts = conf_alloc(l->held, sizeof *texts * (size_t)(n + 1));
    *count = 0;
    for (int i = 0; i < n; i++) {
        const char *text = config_setting_get_string(many ? config_setting_get_elem(s, (unsigned)i) : s);
        if (text)
            texts[(*count)++] = conf_copy(l->held, text);
        else
            mistake(l, s, "\"%s\" must be text in quotes, or a list of texts",
                    config_setting_name(s));
    }
    return texts;
}

/* ---- values that a catalogue describes ---- */

static const char **setting_names(struct loader *l, const struct cat_setting *c, int count)
{
    const char **names = conf_alloc(l->held, sizeof *names * (size_t)(count + 1));
    for (int i = 0; i < count; i++)
        names[i] = c[i].name;
    return names;
}

/* Text of any form to what the type wants; a reason on failure. */
static const char *value_convert(struct loader *l, const struct cat_setting *c, const char *text,
                                 int64_t *number)
{
    char *end = NULL;
    switch (c->type) {
    case SETTING_URL:
        if (strncmp(text, "https://", 8) != 0 && strncmp(text, "http://", 7) != 0)
            return "must be a URL that starts with https:// or http://";
        return NULL;
    case SETTING_INTEGER:
        errno = 0;
        *number = strtoll(text, &end, 10);
        if (errno || end == text || *end)
            return "must be a whole number";
        break;
    case SETTING_BOOLEAN:
        *number = strcmp(text, "true") == 0;
        return *number || strcmp(text, "false") == 0 ? NULL : "must be true or false";
    case SETTING_DURATION:
        if (clock_parse_duration(text, number) != 0)
            return "must be a time such as \"30s\" or \"5m\"";
        break;
    case SETTING_CHOICE:
        for (int i = 0; i < c->value_count; i++) {
            if (strcmp(c->values[i], text) == 0)
                return NULL;
        }
        return conf_text(l->held, "must be one of %s%s",
                         joined(l, (const char *const *)c->values, c->value_count),
                         hint(l, text, (const char *const *)c->values, c->value_count));
    default:
        return NULL;
    }
    if ((c->min || c->max) && (*number < c->min || (c->max && *number > c->max)))
        return conf_text(l->held, "must be from %lld to %lld%s", (long long)c->min,
                         (long long)c->max, c->type == SETTING_DURATION ? " (milliseconds)" : "");
    return NULL;
}

/* Does the form in the file fit the type? Numbers and booleans are bare, all else is quoted. */
static bool form_fits(const struct cat_setting *c, const config_setting_t *s)
{
    if (c->type == SETTING_INTEGER)
        return is_integer(s);
    if (c->type == SETTING_BOOLEAN)
        return config_setting_type(s) == CONFIG_TYPE_BOOL;
    return config_setting_type(s) == CONFIG_TYPE_STRING;
}

static void secret_load(struct loader *l, const struct cat_setting *c, config_setting_t *s,
                        struct conf_setting *out)
{
    const char *text = config_setting_get_string(s);
    struct koppel_error err = {0};
    if (!text) {
        mistake(l, s, "secret \"%s\" must be \"env:NAME\", \"file:PATH\" or \"credential:NAME\"",
                c->name);
        return;
    }
    if (secret_is_reference(text)) {
        if (secret_resolve(text, l->dir, &out->secret, &err) != 0)
            mistake(l, s, "%s", err.text);
    } else {
        note(l, s, true,
             conf_text(l->held,
                       "secret \"%s\" stands in the file itself; better \"env:NAME\", "
                       "\"file:PATH\" or \"credential:NAME\"",
                       c->name));
        out->secret = must(secret_new(text, strlen(text)));
    }
    if (out->secret) {
        conf_keep(l->held, out->secret, secret_done);
        secret_mask_add(secret_text(out->secret));
    }
}

/* group against the list; out has room for count. absent (never NULL): where what is missing is told.
 * Returns how many have a value. */
static int settings_load(struct loader *l, config_setting_t *group, const config_setting_t *absent,
                         const struct cat_setting *list, int count, struct conf_setting *out)
{
    int n = 0;
    if (group)
        check_keys(l, group, setting_names(l, list, count), count);
    for (int i = 0; i < count; i++) {
        const struct cat_setting *c = &list[i];
        config_setting_t *s = get_member(group, c->name);
        struct conf_setting v = {.name = c->name};
        if (!s && !c->fallback) {
            if (c->required)
                mistake(l, group ? group : absent, "setting \"%s\" is missing", c->name);
            continue;
        }
        if (s && c->secret) {
            secret_load(l, c, s, &v);
        } else {
            const char *text = s ? scalar_text(l, s) : c->fallback, *why = NULL;
            if (s && !form_fits(c, s)) {
                why = c->type == SETTING_INTEGER   ? "must be a whole number without quotes"
                      : c->type == SETTING_BOOLEAN ? "must be true or false without quotes"
                                                   : "must be text in quotes";
            } else {
                why = value_convert(l, c, text, &v.number);
            }
            if (why)
                mistake(l, s ? s : absent, "\"%s\" %s", c->name, why);
            v.text = text ? text : "";
        }
        out[n++] = v;
    }
    return n;
}

/* ---- connections ---- */

static config_setting_t *name_of(struct file *f)
{
    config_setting_t *s = get_member(f->root, "name");
    if (s)
        return s;
    return config_setting_length(f->root) > 0 ? config_setting_get_elem(f->root, 0) : f->root;
}

static bool name_fits(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n <= 64
           && strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == n;
}

static const char *name_load(struct loader *l, struct file *f)
{
    const char *name = get_text(l, f->root, "name", NULL);
    if (!name && !get_member(f->root, "name"))
        conf_report_add(l->report, false, f->path, 0, "\"name\" is missing");
    else if (name && !name_fits(name))
        mistake(l, name_of(f), "name \"%s\": use 1 to 64 letters, digits, '-', '_' and '.'", name);
    return conf_copy(l->held, name ? name : "");
}

static void connector_load(struct loader *l, struct file *f, struct conf_connection *c)
{
    const char *name = get_text(l, f->root, "connector", NULL);
    config_setting_t *s = get_member(f->root, "connector");
    struct koppel_error err = {0};
    if (!name) {
        if (!s)
            mistake(l, name_of(f), "\"connector\" is missing");
        return;
    }
    const struct plugin *p = plugins_load(l->plugins, name, &err);
    if (!p) {
        int count = 0;
        char **names = plugins_names(l->plugins, &count);
        mistake(l, s, "%s%s", err.text, hint(l, name, (const char *const *)names, count));
        plugins_names_free(names, count);
        return;
    }
    if (p->entry.kind != KOPPEL_KIND_CONNECTOR) {
        mistake(l, s, "plugin \"%s\" is a transform, not a connector", name);
        return;
    }
    c->plugin = p;
    config_setting_t *overlay = get_member(f->root, "overlay");
    const char *file = get_text(l, f->root, "overlay", NULL);
    size_t bytes = 0;
    char *text = NULL;
    if (file) {
        text = file_text(file_absolute(l, file), &bytes);
        if (text)
            digest_add(l, text, bytes);
        else
            mistake(l, overlay, "cannot read overlay %s: %s", file_absolute(l, file),
                    strerror(errno));
    }
    c->catalogue = catalogue_overlay(p->catalogue, text ? text : "{}", &err);
    if (!c->catalogue) {
        mistake(l, overlay ? overlay : s, "overlay: %s", err.text);
        /* Go on with the shipped one, to find the other mistakes. */
        c->catalogue = catalogue_overlay(p->catalogue, "{}", NULL);
    }
    free(text);
    if (c->catalogue)
        conf_keep(l->held, c->catalogue, catalogue_done);
}

static void connection_load(struct loader *l, struct file *f, struct conf_connection *c)
{
    static const char *const keys[] = {"name",            "connector", "settings",
                                       "overlay",         "concurrency", "rate_per_minute",
                                       "timeout",         "connect_timeout", "limit_mb",
                                       "tls_ca"};
    check_keys(l, f->root, keys, COUNT(keys));
    c->name = name_load(l, f);
    c->at = at_of(l, name_of(f));
    connector_load(l, f, c);
    config_setting_t *settings = get_group(l, f->root, "settings");
    if (c->catalogue) {
        c->settings = conf_alloc(l->held, sizeof *c->settings
                                              * (size_t)(c->catalogue->setting_count + 1));
        c->setting_count = settings_load(l, settings, name_of(f), c->catalogue->settings,
                                         c->catalogue->setting_count, c->settings);
    }
    int usual = c->catalogue && c->catalogue->concurrency > 0 ? c->catalogue->concurrency : 1;
    c->concurrency = (int)get_number(l, f->root, "concurrency", 1, 64, usual);
    c->rate_per_minute = get_number(l, f->root, "rate_per_minute", 0, 1000000, 0);
    c->timeout_ms = get_duration(l, f->root, "timeout", 60000);
    c->connect_timeout_ms = get_duration(l, f->root, "connect_timeout", 10000);
    c->limit_bytes = get_number(l, f->root, "limit_mb", 1, 1024, 64) * 1024 * 1024;
    const char *ca = get_text(l, f->root, "tls_ca", NULL);
    if (ca) {
        struct stat st;
        c->tls_ca = file_absolute(l, ca);
        if (stat(c->tls_ca, &st) != 0)
            mistake(l, get_member(f->root, "tls_ca"), "cannot read %s: %s", c->tls_ca,
                    strerror(errno));
    }
}

/* ---- flows ---- */

/* One side's connection and entity; the setting of the entity goes to *at for later mistakes. */
static void side_load(struct loader *l, struct file *f, const char *side,
                      struct conf_connection **out, const char **entity_name,
                      const struct cat_entity **entity)
{
    static const char *const keys[] = {"connection", "entity"};
    config_setting_t *group = get_group(l, f->root, side);
    *entity_name = "";
    if (!group) {
        if (!get_member(f->root, side))
            mistake(l, name_of(f), "\"%s\" is missing", side);
        return;
    }
    check_keys(l, group, keys, COUNT(keys));
    const char *connection = get_text(l, group, "connection", NULL);
    const char *name = get_text(l, group, "entity", NULL);
    if (!get_member(group, "connection"))
        mistake(l, group, "\"%s\" names no \"connection\"", side);
    if (!get_member(group, "entity"))
        mistake(l, group, "\"%s\" names no \"entity\"", side);
    *entity_name = conf_copy(l->held, name);
    if (!connection)
        return;
    *out = config_connection(l->conf, connection);
    if (!*out) {
        const char **names = conf_alloc(l->held, sizeof *names
                                                     * (size_t)(l->conf->connection_count + 1));
        for (int i = 0; i < l->conf->connection_count; i++)
            names[i] = l->conf->connections[i].name;
        mistake(l, get_member(group, "connection"), "there is no connection \"%s\"%s", connection,
                hint(l, connection, names, l->conf->connection_count));
        return;
    }
    const struct catalogue *cat = (*out)->catalogue;
    if (!cat || !name)
        return;
    *entity = catalogue_entity(cat, name);
    if (*entity)
        return;
    const char **names = conf_alloc(l->held, sizeof *names * (size_t)(cat->entity_count + 1));
    for (int i = 0; i < cat->entity_count; i++)
        names[i] = cat->entities[i].name;
    mistake(l, get_member(group, "entity"), "connection \"%s\" has no entity \"%s\"%s", connection,
            name, hint(l, name, names, cat->entity_count));
}

static const char *real_model(const struct cat_entity *e)
{
    return e && e->model && *e->model && strcmp(e->model, "record") != 0 ? e->model : NULL;
}

static void model_load(struct loader *l, struct file *f, struct conf_flow *w,
                       const struct cat_entity *from, const struct cat_entity *to)
{
    if (from && !(from->can & CAN_READ))
        mistake(l, get_member(get_member(f->root, "from"), "entity"),
                "entity \"%s\" cannot be read", from->name);
    if (to && !(to->can & CAN_CREATE))
        mistake(l, get_member(get_member(f->root, "to"), "entity"),
                "entity \"%s\" cannot be created", to->name);
    const char *a = real_model(from), *b = real_model(to);
    if (a && b && strcmp(a, b) != 0)
        mistake(l, get_member(get_member(f->root, "to"), "entity"),
                "\"%s\" is of model \"%s\", but \"%s\" is of model \"%s\"", to->name, b, from->name,
                a);
    w->model = conf_copy(l->held, b ? b : a ? a : "record");
    const struct model *m = model_find(w->model);
    int count = m ? m->count : 0;
    struct conf_setting *values = conf_alloc(l->held, sizeof *values * (size_t)(count + 1));
    count = settings_load(l, get_group(l, f->root, "settings"), name_of(f), m ? m->settings : NULL,
                          count, values);
    w->settings = json_object();
    conf_keep(l->held, w->settings, json_done);
    for (int i = 0; i < count; i++)
        json_object_set_new(w->settings, values[i].name, json_string(values[i].text));
}

static void options_load(struct loader *l, struct file *f, struct conf_flow *w,
                         const struct cat_entity *from)
{
    w->options = json_object();
    conf_keep(l->held, w->options, json_done);
    config_setting_t *group = get_group(l, f->root, "options");
    if (!from)
        return;
    struct conf_setting *values = conf_alloc(l->held, sizeof *values
                                                          * (size_t)(from->option_count + 1));
    int count = settings_load(l, group, name_of(f), from->options, from->option_count, values);
    for (int i = 0; i < count; i++) {
        int type = SETTING_TEXT;
        for (int k = 0; k < from->option_count; k++) {
            if (strcmp(from->options[k].name, values[i].name) == 0)
                type = (int)from->options[k].type;
        }
        json_t *j = type == SETTING_BOOLEAN ? json_boolean(values[i].number)
                    : type == SETTING_INTEGER || type == SETTING_DURATION
                        ? json_integer(values[i].number)
                        : json_string(values[i].text ? values[i].text : "");
        json_object_set_new(w->options, values[i].name, j);
    }
}

static void tables_load(struct loader *l, struct file *f, struct conf_flow *w)
{
    config_setting_t *group = get_group(l, f->root, "tables");
    int n = group ? config_setting_length(group) : 0;
    w->tables = conf_alloc(l->held, sizeof *w->tables * (size_t)(n + 1));
    for (int i = 0; i < n; i++)
        w->tables[w->table_count++] = table_load(l, config_setting_get_elem(group, (unsigned)i));
}

static const char *connector_name(const struct conf_connection *c)
{
    return c->plugin && c->plugin->entry.name ? c->plugin->entry.name : "";
}

/* The side's mapping: the flow's own file, else the local or shipped one. */
static void side_mapping(struct loader *l, struct file *f, const char *side,
                         const struct conf_connection *c, const struct cat_entity *e, bool needed,
                         const struct map_context *m, struct conf_mapping *out)
{
    const char *own = get_text(l, f->root, side, NULL);
    if (own) {
        mapping_load(l, file_absolute(l, own), get_member(f->root, side), m, out);
        return;
    }
    if (!c || !e || get_member(f->root, side))
        return;
    const char *path = mapping_find(l, connector_name(c), e->name, side);
    if (path)
        mapping_load(l, path, name_of(f), m, out);
    else if (needed)
        mistake(l, name_of(f), "there is no mapping mappings/%s/%s.%s.conf; write one, or name one "
                "with %s = \"FILE\"", connector_name(c), e->name, side, side);
}

static void mappings_load(struct loader *l, struct file *f, struct conf_flow *w,
                          const struct cat_entity *from, const struct cat_entity *to)
{
    struct map_context m = {.tables = w->tables, .table_count = w->table_count};
    struct conf_mapping own = {0};
    config_setting_t *map = get_member(f->root, "map");
    m.entity = to;
    if (map)
        rules_load(l, map, &m, &own);
    config_setting_t *tables = get_member(f->root, "tables");
    m.flow = tables ? tables : name_of(f);
    m.over = &own;
    side_mapping(l, f, "send", w->to, to, real_model(to) && !map, &m, &w->send);
    mapping_join(l, &w->send, &own);
    if (!w->send.file)
        w->send.file = w->at.file;
    m.entity = NULL;
    m.over = NULL;
    side_mapping(l, f, "get", w->from, from, real_model(from) != NULL, &m, &w->get);
}

/* ---- references of a flow ---- */

static const char **match_names(struct loader *l, const struct cat_entity *e, int *count)
{
    *count = e ? e->match_count : 0;
    const char **names = conf_alloc(l->held, sizeof *names * (size_t)(*count + 1));
    for (int i = 0; i < *count; i++)
        names[i] = conf_copy(l->held, e->match[i].core);
    return names;
}

static void reference_match(struct loader *l, config_setting_t *group, const struct cat_entity *e,
                            struct conf_reference *r)
{
    int known = 0;
    const char **names = match_names(l, e, &known);
    config_setting_t *match = get_member(group, "match");
    if (!match) {
        r->match = names;
        r->match_count = known;
        return;
    }
    r->match = get_texts(l, match, &r->match_count);
    for (int i = 0; e && i < r->match_count; i++) {
        bool found = false;
        for (int k = 0; k < known && !found; k++)
            found = strcmp(names[k], r->match[i]) == 0;
        if (!found)
            mistake(l, match, "\"%s\" cannot match a \"%s\"; it takes %s%s", r->match[i], e->name,
                    known ? joined(l, names, known) : "nothing",
                    hint(l, r->match[i], names, known));
    }
}

static void reference_policy(struct loader *l, config_setting_t *group, const struct cat_entity *e,
                             struct conf_reference *r)
{
    static const char *const keys[] = {"match", "missing", "existing", "default", "force"};
    static const char *const missing[] = {"park", "create", "default"};
    static const char *const existing[] = {"keep", "update"};
    if (!group)
        return;
    check_keys(l, group, keys, COUNT(keys));
    r->missing = (enum missing_policy)get_choice(l, group, "missing", missing, COUNT(missing),
                                                 MISSING_PARK);
    r->update_existing = get_choice(l, group, "existing", existing, COUNT(existing), 0) == 1;
    const char *fallback = get_text(l, group, "default", NULL);
    r->fallback = fallback ? conf_copy(l->held, fallback) : NULL;
    r->force = get_bool(l, group, "force", false);
    if (e && r->missing == MISSING_CREATE && !(e->can & CAN_CREATE))
        mistake(l, get_member(group, "missing"), "entity \"%s\" cannot be created", e->name);
    if (e && r->update_existing && !(e->can & CAN_UPDATE))
        mistake(l, get_member(group, "existing"), "entity \"%s\" cannot be updated", e->name);
    if ((r->missing == MISSING_DEFAULT || r->force) && !fallback
        && !get_member(group, "default"))
        mistake(l, group, "%s needs a \"default\"",
                r->force ? "\"force\"" : "missing = \"default\"");
}

static void reference_load(struct loader *l, struct file *f, struct conf_flow *w,
                           const struct cat_reference *c, config_setting_t *group,
                           struct conf_reference *r)
{
    const struct cat_entity *e = catalogue_entity(w->to->catalogue, c->entity);
    r->name = conf_copy(l->held, c->name);
    r->at = at_of(l, group ? group : name_of(f));
    reference_match(l, group, e, r);
    reference_policy(l, group, e, r);
    if (!e || !(e->can & (CAN_CREATE | CAN_UPDATE)))
        return;
    bool needed = r->missing == MISSING_CREATE || r->update_existing;
    const char *path = mapping_find(l, connector_name(w->to), e->name, "send");
    struct map_context m = {.entity = e, .tables = w->tables, .table_count = w->table_count};
    config_setting_t *tables = get_member(f->root, "tables");
    m.flow = tables ? tables : name_of(f);
    if (path && needed)
        mapping_load(l, path, group, &m, &r->send);
    else if (needed)
        mistake(l, group, "there is no mapping mappings/%s/%s.send.conf to write a \"%s\" with",
                connector_name(w->to), e->name, c->name);
}

static void references_load(struct loader *l, struct file *f, struct conf_flow *w,
                            const struct cat_entity *to)
{
    config_setting_t *group = get_group(l, f->root, "references");
    if (!to)
        return;
    int n = to->reference_count;
    const char **names = conf_alloc(l->held, sizeof *names * (size_t)(n + 1));
    w->references = conf_alloc(l->held, sizeof *w->references * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        names[i] = to->references[i].name;
        reference_load(l, f, w, &to->references[i],
                       group ? get_group(l, group, names[i]) : NULL,
                       &w->references[w->reference_count++]);
    }
    for (int i = 0; group && i < config_setting_length(group); i++) {
        config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
        if (!catalogue_reference(to, config_setting_name(s)))
            mistake(l, s, "entity \"%s\" has no reference \"%s\"%s", to->name,
                    config_setting_name(s), hint(l, config_setting_name(s), names, n));
    }
}

static void flow_load(struct loader *l, struct file *f, struct conf_flow *w)
{
    static const char *const keys[] = {"name",     "enabled", "from",       "to",     "every",
                                       "partitions", "batch", "attempts",   "filter", "references",
                                       "tables",   "map",     "get",        "send",   "options",
                                       "settings"};
    const struct cat_entity *from = NULL, *to = NULL;
    check_keys(l, f->root, keys, COUNT(keys));
    w->name = name_load(l, f);
    w->at = at_of(l, name_of(f));
    w->enabled = get_bool(l, f->root, "enabled", true);
    side_load(l, f, "from", &w->from, &w->from_entity, &from);
    side_load(l, f, "to", &w->to, &w->to_entity, &to);
    w->every_ms = get_duration(l, f->root, "every", 5 * 60 * 1000);
    w->partitions = (int)get_number(l, f->root, "partitions", 1, 1024,
                                    to && to->batch_write > 1 ? 1 : 16);
    w->batch = (int)get_number(l, f->root, "batch", 1, 10000, 100);
    w->attempts = (int)get_number(l, f->root, "attempts", 1, 1000, 8);
    model_load(l, f, w, from, to);
    options_load(l, f, w, from);
    conditions_load(l, get_member(f->root, "filter"), &w->filter, &w->filter_count);
    tables_load(l, f, w);
    mappings_load(l, f, w, from, to);
    references_load(l, f, w, to);
}

/* ---- the directory ---- */

static int is_conf(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return d->d_name[0] != '.' && n > 5 && strcmp(d->d_name + n - 5, ".conf") == 0;
}

/* Absolute paths of DIR/sub/ *.conf, sorted by byte. */
static const char **files_of(struct loader *l, const char *sub, int *count)
{
    struct dirent **list = NULL;
    const char *dir = file_absolute(l, sub);
    int n = scandir(dir, &list, is_conf, alphasort);
    if (n < 0 && errno != ENOENT)
        conf_report_add(l->report, false, dir, 0, "cannot be read: %s", strerror(errno));
    *count = n > 0 ? n : 0;
    const char **paths = conf_alloc(l->held, sizeof *paths * (size_t)(*count + 1));
    for (int i = 0; i < *count; i++) {
        paths[i] = conf_text(l->held, "%s/%s", dir, list[i]->d_name);
        free(list[i]);
    }
    free(list);
    return paths;
}

static void main_load(struct loader *l)
{
    static const char *const keys[] = {"store", "key", "workers"};
    static const char *const store_keys[] = {"path"};
    struct koppel_error err = {0};
    struct file f;
    const char *path = file_absolute(l, "koppel.conf");
    l->conf->store_path = file_absolute(l, "koppel.db");
    l->conf->workers = 8;
    if (file_open(l, &f, path, NULL) != 0)
        return;
    check_keys(l, f.root, keys, COUNT(keys));
    config_setting_t *store = get_group(l, f.root, "store");
    if (store) {
        check_keys(l, store, store_keys, COUNT(store_keys));
        l->conf->store_path = file_absolute(l, get_text(l, store, "path", "koppel.db"));
    }
    l->conf->workers = (int)get_number(l, f.root, "workers", 1, 256, 8);
    const char *key = get_text(l, f.root, "key", "file:secret.key");
    if (secret_key_load(key, l->dir, &l->conf->key, &err) == 0) {
        conf_keep(l->held, l->conf->key, secret_done);
    } else {
        config_setting_t *s = get_member(f.root, "key");
        conf_report_add(l->report, false, path, s ? at_of(l, s).line : 0, "key: %s", err.text);
    }
    file_close(&f);
}

#define VERSION_BYTES 16 /* generichash's least; six of them are shown */

static void digest_start(struct loader *l, crypto_generichash_state *state)
{
    crypto_generichash_init(state, NULL, 0, VERSION_BYTES);
    l->digest = state;
}

static const char *digest_end(struct loader *l)
{
    unsigned char raw[VERSION_BYTES];
    char hex[13];
    crypto_generichash_final(l->digest, raw, sizeof raw);
    l->digest = NULL;
    sodium_bin2hex(hex, sizeof hex, raw, 6);
    return conf_copy(l->held, hex);
}

static const char **connections_load(struct loader *l)
{
    int n = 0;
    const char **paths = files_of(l, "connections.d", &n);
    const char **versions = conf_alloc(l->held, sizeof *versions * (size_t)(n + 1));
    struct conf *c = l->conf;
    c->connections = conf_alloc(l->held, sizeof *c->connections * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        crypto_generichash_state state;
        struct file f;
        digest_start(l, &state);
        if (file_open(l, &f, paths[i], NULL) == 0) {
            /* Counted afterwards: a connection is not to be found while it is half read. */
            connection_load(l, &f, &c->connections[c->connection_count]);
            versions[c->connection_count++] = digest_end(l);
            file_close(&f);
        }
        l->digest = NULL;
    }
    return versions;
}

static void flows_load(struct loader *l, const char **versions)
{
    int n = 0;
    const char **paths = files_of(l, "flows.d", &n);
    struct conf *c = l->conf;
    c->flows = conf_alloc(l->held, sizeof *c->flows * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        crypto_generichash_state state;
        struct file f;
        digest_start(l, &state);
        if (file_open(l, &f, paths[i], NULL) == 0) {
            struct conf_flow *w = &c->flows[c->flow_count++];
            flow_load(l, &f, w);
            if (w->from)
                digest_add(l, versions[w->from - c->connections], 12);
            if (w->to)
                digest_add(l, versions[w->to - c->connections], 12);
            w->version = digest_end(l);
            file_close(&f);
        }
        l->digest = NULL;
    }
}

/* ---- checks between files ---- */

static void twice(struct loader *l, const char *what, const char *name, struct conf_at first,
                  struct conf_at second)
{
    conf_report_add(l->report, false, second.file, second.line,
                    "%s \"%s\" is there already, at %s:%d", what, name, first.file, first.line);
}

static bool is_goods(const char *model)
{
    return strcmp(model, "article") == 0 || strcmp(model, "product") == 0;
}

/* Two flows that hand the same records back and forth would never come to rest. */
static bool opposite(const struct conf_flow *a, const struct conf_flow *b)
{
    if (!a->from || !a->to || a->from != b->to || a->to != b->from)
        return false;
    bool mirrored = strcmp(a->from_entity, b->to_entity) == 0
                    && strcmp(a->to_entity, b->from_entity) == 0;
    return mirrored || (is_goods(a->model) && is_goods(b->model));
}

static void cross_check(struct loader *l)
{
    const struct conf *c = l->conf;
    for (int i = 0; i < c->connection_count; i++) {
        for (int k = 0; k < i; k++) {
            if (*c->connections[i].name
                && strcmp(c->connections[i].name, c->connections[k].name) == 0)
                twice(l, "connection", c->connections[i].name, c->connections[k].at,
                      c->connections[i].at);
        }
    }
    for (int i = 0; i < c->flow_count; i++) {
        const struct conf_flow *a = &c->flows[i];
        if (a->from && a->from == a->to && strcmp(a->from_entity, a->to_entity) == 0)
            conf_report_add(l->report, false, a->at.file, a->at.line,
                            "flow \"%s\" goes from \"%s\" of connection \"%s\" to itself", a->name,
                            a->from_entity, a->from->name);
        for (int k = 0; k < i; k++) {
            const struct conf_flow *b = &c->flows[k];
            if (*a->name && strcmp(a->name, b->name) == 0)
                twice(l, "flow", a->name, b->at, a->at);
            if (opposite(a, b))
                conf_report_add(l->report, false, a->at.file, a->at.line,
                                "flow \"%s\" is the opposite of flow \"%s\" at %s:%d; the same "
                                "records would go round for ever, so keep one direction",
                                a->name, b->name, b->at.file, b->at.line);
        }
    }
}

/* ---- the whole ---- */

struct conf *config_load(const char *dir, struct plugins *plugins, struct conf_report *report)
{
    char *absolute = realpath(dir, NULL);
    if (!absolute) {
        conf_report_add(report, false, dir, 0, "cannot be read: %s", strerror(errno));
        return NULL;
    }
    struct owned *o = must(calloc(1, sizeof *o));
    conf_keep(&o->held, absolute, free);
    o->conf.dir = absolute;
    struct loader l = {.conf = &o->conf, .held = &o->held, .plugins = plugins, .report = report,
                       .dir = absolute};
    int before = report->errors;
    main_load(&l);
    const char **versions = connections_load(&l);
    flows_load(&l, versions);
    cross_check(&l);
    if (report->errors > before) {
        config_free(&o->conf);
        return NULL;
    }
    return &o->conf;
}

void config_free(struct conf *c)
{
    if (!c)
        return;
    struct owned *o = (struct owned *)c;
    held_free(o->held);
    free(o);
}

struct conf_connection *config_connection(const struct conf *c, const char *name)
{
    for (int i = 0; i < c->connection_count; i++) {
        if (strcmp(c->connections[i].name, name) == 0)
            return &c->connections[i];
    }
    return NULL;
}

struct conf_flow *config_flow(const struct conf *c, const char *name)
{
    for (int i = 0; i < c->flow_count; i++) {
        if (strcmp(c->flows[i].name, name) == 0)
            return &c->flows[i];
    }
    return NULL;
}

const struct conf_setting *config_setting(const struct conf_connection *c, const char *name)
{
    for (int i = 0; i < c->setting_count; i++) {
        if (strcmp(c->settings[i].name, name) == 0)
            return &c->settings[i];
    }
    return NULL;
}
