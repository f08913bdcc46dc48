/* SPDX-License-Identifier: MIT
 * What is wrong with a message that is being read, and how much of it that costs. */
#ifndef MPLUSKASSA_SOAP_FLAW_H
#define MPLUSKASSA_SOAP_FLAW_H

#include "soap_frame.h"

/* The message as a whole cannot be read. The first reason stands. */
void soap_flaw_stop(struct soap_reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Something of the open element cannot be understood: the fault of its record, or of the whole
 * answer. */
void soap_flaw(struct soap_reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Sets the record of a frame aside; its text ends where the scanner is. */
void soap_flaw_set_aside(struct soap_reader *r, struct soap_frame *record);

/* Broken markup: goes on behind the record that holds it. */
void soap_flaw_look_past(struct soap_reader *r, const char *what);

#endif
