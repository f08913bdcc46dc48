/* SPDX-License-Identifier: MIT
 * What the rules of a mapping fill. */
#include "config/conf_filled.h"

#include <string.h>

#include "base/nearest.h"
#include "config/conf_held.h"

/* "lines[0].number" and "lines[].number" are both "lines.number". */
static char *bare(struct conf_loader *l, const char *path)
{
    char *copy = conf_held_copy(l->held, path), *to = copy;
    for (const char *p = path; *p; p++) {
        if (*p == '[')
            p += strcspn(p, "]");
        else
            *to++ = *p;
        if (!*p)
            break;
    }
    *to = 0;
    return copy;
}

static int rules_in(const struct conf_rule *rules, int count)
{
    int n = count;
    for (int i = 0; i < count; i++)
        n += rules_in(rules[i].map, rules[i].map_count);
    return n;
}

static void collect(struct conf_loader *l, struct conf_filled *f, struct conf_at *at,
                    const struct conf_rule *rules, int count, const char *prefix)
{
    for (int i = 0; i < count; i++) {
        const struct conf_rule *r = &rules[i];
        if (!r->to || r->on == RULE_UPDATE)
            continue;
        const char *path = bare(l, path_text(r->to));
        if (*prefix)
            path = conf_held_text(l->held, "%s.%s", prefix, path);
        f->whole[f->count] = !r->map;
        at[f->count] = r->at;
        f->paths[f->count++] = path;
        collect(l, f, at, r->map, r->map_count, path);
    }
}

struct conf_filled *conf_filled_of(struct conf_loader *l, const struct conf_mapping *m)
{
    int n = rules_in(m->rules, m->count);
    struct conf_filled *f = conf_held_alloc(l->held, sizeof *f);
    struct conf_at *at = conf_held_alloc(l->held, sizeof *at * (size_t)(n + 1));
    f->paths = conf_held_alloc(l->held, sizeof *f->paths * (size_t)(n + 1));
    f->whole = conf_held_alloc(l->held, sizeof *f->whole * (size_t)(n + 1));
    f->at = at;
    collect(l, f, at, m->rules, m->count, "");
    return f;
}

/* Is b inside of a? Brackets of b do not count. */
static bool inside(const char *a, const char *b)
{
    for (; *a; a++, b++) {
        while (*b == '[') {
            b += strcspn(b, "]");
            b += *b == ']';
        }
        if (*a != *b)
            return false;
    }
    return !*b || *b == '.' || *b == '[';
}

/* Is a inside of b? */
static bool around(const char *a, const char *b)
{
    for (; *b; b++) {
        if (*b == '[') {
            b += strcspn(b, "]");
            if (!*b)
                break;
            continue;
        }
        if (*a != *b)
            return false;
        a++;
    }
    return !*a || *a == '.';
}

bool conf_filled_has(const struct conf_filled *f, const char *path)
{
    for (int i = 0; i < f->count; i++) {
        if (around(f->paths[i], path) || (f->whole[i] && inside(f->paths[i], path)))
            return true;
    }
    return false;
}

const char *conf_filled_nearest(const struct conf_filled *f, const char *path)
{
    return nearest_name(path, f->paths, f->count);
}

/* The rule that makes this object or list; NULL: none does, and then its members need not be. */
static const struct conf_at *maker(const struct conf_filled *f, const char *path)
{
    const struct conf_at *at = NULL;
    for (int i = 0; i < f->count; i++) {
        if (f->whole[i] && strcmp(f->paths[i], path) == 0)
            return NULL; /* all of it comes from the record as it is */
        if (!at && around(f->paths[i], path))
            at = &f->at[i];
    }
    return at;
}

static void check_fields(struct conf_loader *l, const struct conf_filled *f,
                         const struct cat_field *fields, int count, const char *prefix,
                         const char *what, struct conf_at at)
{
    for (int i = 0; i < count; i++) {
        const struct cat_field *field = &fields[i];
        const char *path = conf_held_text(l->held, "%s%s%s", prefix, *prefix ? "." : "",
                                          field->name);
        if (field->required && !conf_filled_has(f, path)) {
            conf_report_add(l->report, false, at.file, at.line,
                            "no rule fills \"%s\", which %s needs", path, what);
            continue;
        }
        const struct conf_at *made = field->field_count ? maker(f, path) : NULL;
        if (made)
            check_fields(l, f, field->fields, field->field_count, path, what, *made);
    }
}

void conf_filled_check(struct conf_loader *l, const struct conf_filled *f,
                       const struct cat_entity *e, const char *what, struct conf_at at)
{
    check_fields(l, f, e->fields, e->field_count, "", what, at);
}
