/* SPDX-License-Identifier: MIT
 * A text that a person changes in an editor. */
#ifndef KOPPEL_COMMANDS_EDITOR_H
#define KOPPEL_COMMANDS_EDITOR_H

#include "base/err.h"

/* Opens the text in $VISUAL, else $EDITOR, else vi, and waits for its end. *out: what it is then;
 * the caller frees it. It stands in a file of mode 0600 meanwhile, in $XDG_RUNTIME_DIR where there
 * is one (which is no disk), else in $TMPDIR or /tmp; the file is gone in the end, whatever
 * happens. -1: KOPPEL_E_REJECTED where the editor failed. */
int editor_change(const char *text, char **out, struct koppel_error *err);

#endif
