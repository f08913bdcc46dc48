/* SPDX-License-Identifier: MIT
 * What a check of the kit is, and what it works with. Each group of checks is a file that has a
 * list of them. */
#ifndef KOPPEL_KIT_KIT_CHECK_H
#define KOPPEL_KIT_KIT_CHECK_H

#include <jansson.h>
#include <stdbool.h>

#include "config/conf.h"
#include "kit/kit_child.h"
#include "kit/kit_elf.h"
#include "plugin/plugins.h"

/* What is being checked. All of it is borrowed, and the same for every check. */
struct kit_run {
    const char *path;             /* absolute */
    struct plugins *plugins;
    const struct plugin *plugin;
    /* Its own, or the description that a connection of it has. */
    const struct catalogue *catalogue;
    const struct kit_elf *elf;
    /* Settings, NULL of a transform: of the connection's file, for whoever asks its system (without
     * one as the next); a made-up value for each, for all that asks nobody; the same of those alone
     * that are required. */
    const struct conf_connection *conf, *made, *least;
    const struct conf *whole;     /* what the file was loaded into; NULL: there was none */
    const struct conf_kit *notes; /* NAME.test.conf; never NULL */
    char *manual;                 /* the text of the manual page; NULL: there is none */
    char *manual_path;
    json_t *previous;             /* the catalogue of the version before; NULL */
    const char *record, *replay;  /* folders of recorded answers; NULL */
    const char *jobs;             /* what the names of its jobs begin with */
    /* There is somebody to ask: a connection's file, or a recording. */
    bool live;
};

enum { KIT_CONNECTOR = 1, KIT_TRANSFORM = 2, KIT_BOTH = 3, KIT_LIVE = 4 };

struct kit_check {
    const char *id;     /* "R3"; NULL behind the last of a list */
    unsigned kind;      /* KIT_CONNECTOR, KIT_TRANSFORM or both; KIT_LIVE: needs somebody to ask */
    const char *title;  /* what holds */
    const char *remedy; /* one sentence: why it matters and what to do */
    enum kit_child_outcome (*run)(const struct kit_run *r);
};

#endif
