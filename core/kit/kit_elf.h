/* SPDX-License-Identifier: MIT
 * What a shared library says of itself, and its imports while it is loaded. */
#ifndef KOPPEL_KIT_KIT_ELF_H
#define KOPPEL_KIT_KIT_ELF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Names are borrowed from bytes. */
struct kit_elf {
    char *bytes; /* the file */
    size_t size;
    const char **needed, **exports, **imports;
    int needed_count, export_count, import_count;
    bool relro, now;         /* the table of imports is read-only once it is loaded */
    bool exec_stack;         /* asks for a stack that may be executed, or says nothing of it */
    bool text_relocations;   /* its code is written to when it is loaded */
    bool writable_code;      /* a segment is both written and executed */
    bool unloadable;         /* dlopen refuses it */
};

/* out is zeroed before. -1: no ELF file of this machine's word size. Freed by kit_elf_done. */
int kit_elf_read(const char *path, struct kit_elf *out, struct koppel_error *err);
void kit_elf_done(struct kit_elf *e);
bool kit_elf_imports(const struct kit_elf *e, const char *name);

/* In the loaded library of that path: calls of the imported function go to another one from now on.
 * Gives how many places were changed; 0: it does not call that, or this machine's form of
 * relocations is not known. */
int kit_elf_redirect(const char *path, const char *name, void (*function)(void));

/* Its variables that may be written to while it runs, as a copy (free it). NULL: none, *bytes is 0.
 */
unsigned char *kit_elf_variables(const char *path, size_t *bytes);

#endif
