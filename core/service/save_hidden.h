/* SPDX-License-Identifier: MIT
 * Configuration texts as they may be shown: secrets that stand in them as they are, not as a
 * reference, are hidden. Two different ones look different. */
#ifndef KOPPEL_SERVICE_SAVE_HIDDEN_H
#define KOPPEL_SERVICE_SAVE_HIDDEN_H

#include "plugin/plugins.h"
#include "engine/revision.h"

/* NULL for NULL, or no memory. The caller frees it. plugins tell which settings of a connection are
 * secrets; of a connector that is not there every text of its settings is. */
char *save_hidden_text(const struct revision_place *p, struct plugins *plugins, const char *text);
/* The way back: a text as it was shown, and changed, with the secrets of `was` in the place of what
 * hides them. *out: the caller frees it. -1 and err SERVICE_WRONG: it hides one that is not
 * there. */
int save_hidden_restore(const struct revision_place *p, struct plugins *plugins, const char *was,
                        const char *shown, char **out, struct koppel_error *err);
/* The difference of two such texts (differ.h); a path inside the directory is shown relative. */
char *save_hidden_diff(const struct revision_place *p, struct plugins *plugins, const char *path,
                       const char *old, const char *new);

#endif
