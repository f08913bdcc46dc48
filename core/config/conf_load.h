/* SPDX-License-Identifier: MIT
 * Configuration: text -> struct conf. Nothing but core/config reads libconfig.
 *
 * A configuration is a directory: koppel.conf, connections.d/ *.conf, flows.d/ *.conf, and what
 * those name (mappings, tables, overlays), relative to the directory. Loading finds every mistake
 * and reports each as `file:line: what, and the nearest right name`. */
#ifndef KOPPEL_CONFIG_CONF_LOAD_H
#define KOPPEL_CONFIG_CONF_LOAD_H

#include "config/conf.h"
#include "config/conf_report.h"
#include "config/conf_source.h"

/* dir: the configuration directory. source: texts in memory that stand in the place of its files,
 * for whoever checks an edit before it is saved; NULL: there are none. NULL on any mistake (the
 * report says which); warnings alone do not prevent it. plugins stays the caller's and must outlive
 * the conf. */
struct conf *conf_load(const char *dir, const struct conf_source *source, struct plugins *plugins,
                       struct conf_report *report);

/* The place of the store, its key, and the names of the flows; all else is left out, and mistakes
 * in it are passed over. A flow whose file cannot be read has the name of its file. Without its key
 * (the report says why) an engine that runs can be asked all the same. NULL: no memory. */
struct conf *conf_load_names(const char *dir, struct conf_report *report);
/* Who is told of what, and nothing else but the home; source as above. NULL: there is a mistake in
 * alerts.conf. */
struct conf *conf_load_alerts(const char *dir, const struct conf_source *source,
                              struct conf_report *report);

#endif
