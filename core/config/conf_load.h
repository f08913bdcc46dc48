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

/* dir: the configuration directory. NULL on any mistake (the report says which); warnings alone do
 * not prevent it. plugins stays the caller's and must outlive the conf. */
struct conf *conf_load(const char *dir, struct plugins *plugins, struct conf_report *report);

#endif
