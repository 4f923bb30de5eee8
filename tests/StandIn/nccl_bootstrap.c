/*
 * NCCL_COMM_ID, host:port. An id that is made while it is set holds that address, and whoever is rank 0 of a
 * communicator that is made while it is set listens at the address of the id. Each process that has it set needs an
 * interface on the address's network.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "nccl_parts.h"

/* Where an id has its address: behind the name of its file. */
enum { ADDRESS = 104 };

typedef struct {
    uint16_t family, port; /* The port in network order. */
    unsigned char bytes[16];
} Address;

static size_t length_of(int family) { return family == AF_INET6 ? 16 : 4; }

static unsigned char *bytes_of(struct sockaddr *address) {
    return address->sa_family == AF_INET6 ? ((struct sockaddr_in6 *)address)->sin6_addr.s6_addr
                                          : (unsigned char *)&((struct sockaddr_in *)address)->sin_addr;
}

static bool on_network_of(const struct ifaddrs *own, const Address *address) {
    if (!own->ifa_addr || !own->ifa_netmask || own->ifa_addr->sa_family != address->family) return false;
    const unsigned char *bytes = bytes_of(own->ifa_addr);
    /* A netmask's family is not always filled in. */
    own->ifa_netmask->sa_family = own->ifa_addr->sa_family;
    const unsigned char *mask = bytes_of(own->ifa_netmask);
    for (size_t i = 0; i < length_of(address->family); i++)
        if ((bytes[i] ^ address->bytes[i]) & mask[i]) return false;
    return true;
}

/* Reads host:port or [IPv6]:port; false where it is neither, or names nobody. */
static bool parse(const char *text, Address *address) {
    char host[256] = "";
    const char *colon = strrchr(text, ':');
    bool bracketed = text[0] == '[' && colon > text + 1 && colon[-1] == ']';
    if (!colon || (size_t)(colon - text) >= sizeof host || atoi(colon + 1) < 1) return false;
    memcpy(host, text + bracketed, (size_t)(colon - text) - 2 * bracketed);

    struct addrinfo *found, hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    if (getaddrinfo(host, NULL, &hints, &found) != 0) return false;
    memset(address, 0, sizeof *address);
    address->family = found->ai_addr->sa_family;
    address->port = htons((uint16_t)atoi(colon + 1));
    memcpy(address->bytes, bytes_of(found->ai_addr), length_of(address->family));
    freeaddrinfo(found);
    return true;
}

bool bootstrap_is_set(void) { return getenv("NCCL_COMM_ID") != NULL; }

static int named(Address *address) {
    if (!parse(getenv("NCCL_COMM_ID"), address))
        REFUSE(NCCL_INVALID_ARGUMENT, "Invalid NCCL_COMM_ID, please use format: <ipv4>:<port> or [<ipv6>]:<port> or <hostname>:<port>");
    struct ifaddrs *all;
    if (getifaddrs(&all) != 0) return NCCL_SYSTEM_ERROR;
    bool found = false;
    for (const struct ifaddrs *own = all; own && !found; own = own->ifa_next) found = on_network_of(own, address);
    freeifaddrs(all);
    if (!found) REFUSE(NCCL_SYSTEM_ERROR, "NET/Socket : No usable listening interface found");
    return NCCL_SUCCESS;
}

int bootstrap_check(void) {
    Address address;
    return bootstrap_is_set() ? named(&address) : NCCL_SUCCESS;
}

int bootstrap_name(UniqueId *id) {
    Address address;
    int status = named(&address);
    if (!status) memcpy(id->bytes + ADDRESS, &address, sizeof address);
    return status;
}

int bootstrap_listen(const UniqueId *id, int *descriptor) {
    Address address;
    memcpy(&address, id->bytes + ADDRESS, sizeof address);
    /* Of an id made without the variable NCCL listens already, and takes the address twice. */
    if (!address.family) REFUSE(NCCL_SYSTEM_ERROR, "Call to bind failed : %s", strerror(EADDRINUSE));

    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } place = {.any.sa_family = address.family};
    if (address.family == AF_INET6) place.v6.sin6_port = address.port;
    else place.v4.sin_port = address.port;
    memcpy(bytes_of(&place.any), address.bytes, length_of(address.family));
    int one = 1, listener = socket(address.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return NCCL_SYSTEM_ERROR;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    if (bind(listener, &place.any, address.family == AF_INET6 ? sizeof place.v6 : sizeof place.v4) != 0
        || listen(listener, 16) != 0) {
        int reason = errno;
        close(listener);
        REFUSE(NCCL_SYSTEM_ERROR, "Call to bind failed : %s", strerror(reason));
    }
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(address.family, address.bytes, text, sizeof text);
    report("root", "%s port %d", text, ntohs(address.port));
    *descriptor = listener;
    return NCCL_SUCCESS;
}
