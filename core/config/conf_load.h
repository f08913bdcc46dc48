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

/* The same for whoever asks which tables flows need: one that a rule asks for and its flow lacks is
 * one without rows, and no mistake. */
struct conf *conf_load_tables_later(const char *dir, const struct conf_source *source,
                                    struct plugins *plugins, struct conf_report *report);

/* The place of the store, its key, and the names of the flows; all else is left out, and mistakes
 * in it are passed over. A flow whose file cannot be read has the name of its file. Without its key
 * (the report says why) an engine that runs can be asked all the same. NULL: no memory. */
struct conf *conf_load_names(const char *dir, struct conf_report *report);
/* Who is told of what, and nothing else but the home; source as above. NULL: there is a mistake in
 * alerts.conf. */
struct conf *conf_load_alerts(const char *dir, const struct conf_source *source,
                              struct conf_report *report);

/* What a plugin is tested with (koppel plugin-test): the one connection of a file (NULL: none),
 * with the home and the store of its configuration directory where it lies in one, and the author's
 * notes (NULL, or not there: none). Both paths are absolute; those in a file are relative to its
 * folder, or to the configuration directory. NULL: there is a mistake in one of them. */
struct conf *conf_load_kit(const char *connection, const char *notes, struct plugins *plugins,
                           struct conf_report *report);

#endif
