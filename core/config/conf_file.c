/* SPDX-License-Identifier: MIT
 * One configuration file. */
#include "config/conf_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_report.h"
#include "config/conf_syntax.h"

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

/* Includes are in the text already, so libconfig opens nothing by itself. */
static int text_parse(struct conf_loader *l, struct conf_file *f)
{
    config_init(&f->cfg);
    if (config_read_string(&f->cfg, f->text.text))
        return 0;
    struct conf_at at = conf_text_at(&f->text, config_error_line(&f->cfg));
    const char *wrong = config_error_text(&f->cfg);
    conf_report_add(l->report, false, at.file, at.line, "%s", wrong ? wrong : "cannot be read");
    config_destroy(&f->cfg);
    return -1;
}

int conf_file_open(struct conf_loader *l, struct conf_file *f, const char *path,
                   config_setting_t *at)
{
    const char *why = NULL;
    *f = (struct conf_file){.path = conf_held_copy(l->held, path), .outer = l->files};
    int rc = conf_text_open(l, &f->text, path, &why);
    if (why && at)
        conf_mistake(l, at, "cannot read %s: %s", path, why);
    else if (why)
        conf_report_add(l->report, false, path, 0, "cannot be read: %s", why);
    if (rc != 0 || conf_syntax_check(l, &f->text) != 0 ||
        text_parse(l, f) != 0) {
        conf_text_done(&f->text);
        return -1;
    }
    f->root = config_root_setting(&f->cfg);
    l->files = f;
    if (l->digest)
        file_digest(l, f);
    return 0;
}

bool conf_file_is_empty(struct conf_loader *l, const struct conf_file *f)
{
    if (config_setting_length(f->root) > 0)
        return false;
    conf_report_add(l->report, false, f->path, 0, "the file is empty: there is no setting in it");
    return true;
}

void conf_file_close(struct conf_loader *l, struct conf_file *f)
{
    l->files = f->outer;
    config_destroy(&f->cfg);
    conf_text_done(&f->text);
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
