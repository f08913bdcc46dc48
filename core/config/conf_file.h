/* SPDX-License-Identifier: MIT
 * One configuration file; its config_t lives between conf_file_open and conf_file_close. */
#ifndef KOPPEL_CONFIG_CONF_FILE_H
#define KOPPEL_CONFIG_CONF_FILE_H

#include <libconfig.h>
#include <stdbool.h>

#include "config/conf_loader.h"
#include "config/conf_text.h"

struct conf_file {
    config_t cfg;
    const char *path;       /* absolute; held */
    config_setting_t *root;
    struct conf_text text;
    struct conf_file *outer; /* the one that was opened before it and is open still; NULL */
};

/* -1: unreadable or a syntax mistake, reported. at (may be NULL): the setting that named it. */
int conf_file_open(struct conf_loader *l, struct conf_file *f, const char *path,
                   config_setting_t *at);
/* Does the file hold no setting? That is reported. */
bool conf_file_is_empty(struct conf_loader *l, const struct conf_file *f);
/* The last that was opened is closed first. */
void conf_file_close(struct conf_loader *l, struct conf_file *f);

/* The file's "name", checked; "" where it is missing or wrong, reported. Held. */
const char *conf_file_name(struct conf_loader *l, struct conf_file *f);
/* Where the file says its name, or what stands first in it. */
config_setting_t *conf_file_name_of(struct conf_file *f);

#endif
