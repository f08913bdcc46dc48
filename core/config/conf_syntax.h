/* SPDX-License-Identifier: MIT
 * The grammar of configuration files: what libconfig would call a "syntax error", said with what is
 * open and where it began. */
#ifndef KOPPEL_CONFIG_CONF_SYNTAX_H
#define KOPPEL_CONFIG_CONF_SYNTAX_H

#include "config/conf_loader.h"
#include "config/conf_text.h"

/* -1: a mistake, the first of the text, reported. */
int conf_syntax_check(struct conf_loader *l, const struct conf_text *t);

#endif
