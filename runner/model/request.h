/*
 * What one call asks of the kernel, as far as the kernel's refusals depend on it.
 *
 * Scenarios declare requests as lines of text: the call, then words `name=value`.
 *
 *   pages=N        length; `$size` in a size scenario is the number of pages tried
 *   plus=N         pages added to the length
 *   protection=    none, read or write, of mmap
 *   from= to=      the same, before and after mprotect
 *   backing=       anonymous (default) or file
 *   sharing=       private (default) or shared
 *   placement=     free (default: the kernel looks for a hole) or chosen (an address known to be free)
 *   merges=yes     the new range joins a neighbour: no VMA more
 *   splits=N       times the call must split a VMA
 *   areas=N        mprotect: spread over N areas with a page between, cut out of one VMA
 *   pieces=yes     made in parts as small as one page when refused as a whole
 *   locked=yes     MAP_LOCKED, or brk under mlockall
 *   noreserve=yes  MAP_NORESERVE
 *   over=yes       mmap: MAP_FIXED over a whole VMA of the same length that is charged for nothing
 *   moves=, fixed=, dontunmap=yes   of mremap; pages= is then the growth
 *   shrinks=yes    of mremap: pages= are cut off the end, in place; they are charged for nothing
 *   old=N          mremap: pages before, of which the move needs a second copy of the address space
 *
 * `hole` is munmap inside one VMA; `munmap` is that of one whole VMA that is charged for nothing.
 */
#ifndef ENOMEM_MODEL_REQUEST_H
#define ENOMEM_MODEL_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "support/err.h"

enum request_call {
	REQUEST_MMAP,
	REQUEST_MPROTECT,
	REQUEST_MUNMAP_HOLE,
	REQUEST_MUNMAP,
	REQUEST_MADVISE,
	REQUEST_MLOCK,
	REQUEST_BRK,
	REQUEST_MREMAP,
	REQUEST_FORK,
	REQUEST_CALLS,
};

enum protection { PROTECTION_NONE, PROTECTION_READ, PROTECTION_WRITE };

struct request {
	enum request_call call;
	bool pages_are_size; /* `pages` is filled in by request_sized() */
	bool shared, file, chosen, merges, pieces, locked, noreserve, over, moves, fixed, dontunmap, shrinks;
	enum protection from, to; /* mmap: `to` */
	uint64_t pages;
	uint64_t plus_pages;
	uint64_t old_pages;
	uint64_t splits;
	uint64_t areas;
};

/* "mmap" for REQUEST_MMAP; "munmap" for REQUEST_MUNMAP and REQUEST_MUNMAP_HOLE. */
const char *request_call_name(enum request_call call);

/* Parse one line in which every $parameter is replaced already, but for $size. */
int request_parse(const char *line, struct request *ret, struct err *err);

/* The request for a tried size: pages = size + plus_pages. Others are returned with plus_pages added. */
struct request request_sized(const struct request *request, uint64_t size);

/* Pages that count as data (mm->data_vm): private and writable (mm/internal.h is_data_mapping()). */
uint64_t request_data_pages(const struct request *request);

/* Largest number of requests in one operation. */
#define OPERATION_REQUESTS_MOST 6

/* Pages that the request adds to mm->total_vm; 0 when it gives pages back. */
uint64_t request_growth_pages(const struct request *request);

/*
 * Pages that the request adds to the commit charge in this vm.overcommit_memory mode
 * (accountable_mapping(), mprotect_fixup(), shmem_acct_size(), vrm_calc_charge()); not of fork,
 * which depends on the state.
 */
uint64_t request_charged_pages(const struct request *request, uint64_t mode);

/* An operation: requests in the order in which they are made. */
struct operation {
	struct request requests[OPERATION_REQUESTS_MOST];
	unsigned count;
};

/* The operation when `size` pages are tried (or any, for one without $size). */
struct operation operation_sized(const struct operation *operation, uint64_t size);

/* Whether it asks for charged pages in this mode, or forks: then the machine's commit accounting decides over it. */
bool operation_is_charged(const struct operation *operation, uint64_t mode);

#endif
