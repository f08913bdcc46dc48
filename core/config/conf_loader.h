/* SPDX-License-Identifier: MIT
 * What the files of core/config share while a configuration is loaded. Not for other folders. */
#ifndef KOPPEL_CONFIG_CONF_LOADER_H
#define KOPPEL_CONFIG_CONF_LOADER_H

#include <sodium.h>
#include <stddef.h>

#include "config/conf.h"
#include "config/conf_held.h"
#include "config/conf_report.h"
#include "plugin/plugins.h"

struct conf_file;   /* config/conf_file.h */
struct conf_ground; /* config/conf_ground.h */
struct conf_source; /* config/conf_source.h */

#define COUNT(a) ((int)(sizeof(a) / sizeof(a)[0]))

struct conf_loader {
    struct conf *conf;
    struct conf_held **held; /* the conf's */
    struct plugins *plugins;
    struct conf_report *report;
    const struct conf_source *source; /* laid over what follows; NULL: nothing is */
    struct conf_ground *ground;       /* in the place of the directory's files; NULL: they count */
    bool unnoted;                     /* what is read is no part of what is published */
    const char *lacking;              /* a secret that this host does not have, of what is read */
    struct conf_file *files;          /* that are open, the last first */
    struct conf_source_name *read;    /* files that were read so far */
    bool tables_later;                /* a table that is missing is one without rows */
    bool lost;                        /* a connection has no name, as its file is not right */
    const char *dir;                  /* absolute */
    /* Of the flow or connection being read; NULL: none is. */
    crypto_generichash_state *digest;
};

/* text relative to the configuration directory, made absolute; held. */
const char *conf_loader_absolute(struct conf_loader *l, const char *text);
/* The folder of what is installed beside the program: mappings, descriptions. NULL: none. */
const char *conf_loader_data(void);
/* Adds to the digest, where one is being made. */
void conf_loader_digest(struct conf_loader *l, const char *text, size_t bytes);

#endif
