/* SPDX-License-Identifier: MIT
 * What systems exchange, laid out for a person. */
#ifndef KOPPEL_COMMANDS_LAID_OUT_H
#define KOPPEL_COMMANDS_LAID_OUT_H

/* JSON or XML with a line for each member or element, and not a character of it changed but the
 * white space between them; anything else as it is. NULL: no memory. The caller frees it. */
char *laid_out(const char *text);

#endif
