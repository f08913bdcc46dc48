/* SPDX-License-Identifier: MIT
 * Names of fields: paths, and whether what they lead to exists. */
#include <string.h>

#include "config/config_internal.h"

static void path_done(void *p)
{
    path_free(p);
}

struct path *path_held(struct loader *l, const config_setting_t *s, const char *text)
{
    struct koppel_error err = {0};
    struct path *p = path_parse(text, &err);
    if (!p) {
        mistake(l, s, "%s", err.text);
        return NULL;
    }
    conf_keep(l->held, p, path_done);
    return p;
}

/* Which part of the path is wrong, and what stood nearest. */
static void field_unknown(struct loader *l, const config_setting_t *s, const struct cat_entity *e,
                          const char *path)
{
    const struct cat_field *fields = e->fields;
    int count = e->field_count;
    char *work = conf_copy(l->held, path), *save = NULL;
    for (char *part = strtok_r(work, ".", &save); part; part = strtok_r(NULL, ".", &save)) {
        part[strcspn(part, "[")] = 0;
        const char **names = conf_alloc(l->held, sizeof *names * (size_t)(count + 1));
        const struct cat_field *found = NULL;
        for (int i = 0; i < count; i++) {
            names[i] = fields[i].name;
            if (strcmp(fields[i].name, part) == 0)
                found = &fields[i];
        }
        if (!found) {
            mistake(l, s, "\"%s\" is no field of entity \"%s\"%s", path, e->name,
                    hint(l, part, names, count));
            return;
        }
        if (found->field_count == 0
            && (found->type == FIELD_OBJECT || found->type == FIELD_LIST))
            return; /* its inside is not described, so anything goes */
        fields = found->fields;
        count = found->field_count;
    }
}

void to_check(struct loader *l, const config_setting_t *s, const struct cat_entity *e,
              const char *path)
{
    if (!e || e->field_count == 0 || !*path)
        return;
    const struct cat_field *f = catalogue_field(e, path);
    if (!f)
        field_unknown(l, s, e, path);
    else if (f->read_only)
        mistake(l, s, "field \"%s\" of entity \"%s\" is read-only", path, e->name);
}
