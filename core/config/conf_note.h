/* SPDX-License-Identifier: MIT
 * What is no mistake but looks like one: files that nobody reads, things that nobody uses. */
#ifndef KOPPEL_CONFIG_CONF_NOTE_H
#define KOPPEL_CONFIG_CONF_NOTE_H

#include "config/conf_loader.h"

/* Notes of the whole configuration, once all of it was read. */
void conf_note(struct conf_loader *l);

#endif
