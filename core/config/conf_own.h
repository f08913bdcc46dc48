/* SPDX-License-Identifier: MIT
 * What each host says for itself in koppel.conf, whatever is published: its store and its key, how
 * many threads it has, where its metrics and its pages are. */
#ifndef KOPPEL_CONFIG_CONF_OWN_H
#define KOPPEL_CONFIG_CONF_OWN_H

#include "config/conf.h"

struct conf_file;   /* config/conf_file.h */
struct conf_loader; /* config/conf_loader.h */

/* Reads it into l->conf, and says whether it is sound. before: how many mistakes there were before
 * the file was opened. */
void conf_own_load(struct conf_loader *l, struct conf_file *f, int before);

/* c, which holds names only, takes the place of another configuration in an engine that runs. Store
 * and key are as that one had them: no engine changes them. Threads, metrics and pages too, where c
 * is not sound in them; but what the pages may change is as c has it. All of it is copied. -1: no
 * memory. */
int conf_own_keep(struct conf *c, const struct conf *before);

#endif
