/*
 * Errors of library code.
 *
 * A function that can fail returns 0 or a negative errno and fills `struct err`
 * with one sentence that needs nothing added: "cannot open /proc/meminfo: No such file".
 * It never prints. Commands print it once, with report_error().
 * On success `err` is left untouched.
 */
#ifndef ENOMEM_SUPPORT_ERR_H
#define ENOMEM_SUPPORT_ERR_H

struct err {
	int code;         /* positive errno, 0 while nothing has failed */
	char text[480];   /* "cannot <verb> <object>: <reason>" */
	char advice[240]; /* what the user can do about it, may be empty */
};

/* Fill `err` with a formatted sentence. Returns -code, so callers can `return err_set(...)`. */
int err_set(struct err *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* As err_set(), with ": <strerror(code)>" added to the sentence. */
int err_set_errno(struct err *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Add what to do about the error. Returns -err->code. */
int err_advise(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The sentence for an allocation of the tool itself that failed. Returns -ENOMEM. */
int err_no_memory(struct err *err);

/* "ENOMEM" for 12, "E999" style for numbers without a name; static storage, never NULL. */
const char *err_name(int code);

/* "SIGSEGV", or "signal 35" for one without a name; static storage. */
const char *signal_name(int signal);

/* 12 for "ENOMEM"; -EINVAL for a name that is none. */
int err_number(const char *name);

#endif
