/*
 * How many commands of one kind a database server answers in a second, with so little work at the client that the
 * server is what is measured: the command is made once, replies are counted off by their length and not looked at.
 *
 *     commandRate PORT CLIENTS COMMANDS WORD...
 *
 * Each client sends the command, waits for the reply, and sends it again, until all together have sent COMMANDS. `@N`
 * as a word stands for N bytes of noise; `#` in a word for the number of the client. Prints `seconds SECONDS bytes
 * BYTES`: from the first byte sent to the last reply, and the length of one reply. Exit code 1 if a reply is an error.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { most_clients = 64, scratch_bytes = 1 << 20 };

struct client {
  int connection;
  /* The command: what comes before the noise, the noise (shared by all), what comes after it. */
  struct iovec parts[3];
  size_t length, sent, received;
};

static char scratch[scratch_bytes];
static char *noise = "";
static size_t noise_length;

static void fail(const char *what) {
  fprintf(stderr, "commandRate: %s\n", what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void make_noise(size_t length) {
  noise_length = length;
  noise = malloc(length);
  if (noise == NULL) fail("no memory");
  unsigned long state = 1;
  for (size_t i = 0; i < length; i++) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    noise[i] = (char)(state >> 56);
  }
}

static void make_command(struct client *client, int number, char **words, int count) {
  char *text = NULL;
  size_t size = 0, before = 0;
  FILE *to = open_memstream(&text, &size);
  fprintf(to, "*%d\r\n", count);
  int has_noise = 0;
  for (int i = 0; i < count; i++) {
    if (words[i][0] == '@') {
      fprintf(to, "$%zu\r\n", noise_length);
      fflush(to);
      before = size;
      has_noise = 1;
      fprintf(to, "\r\n");
      continue;
    }
    char word[256];
    char *mark = strchr(words[i], '#');
    if (mark != NULL) snprintf(word, sizeof word, "%.*s%d%s", (int)(mark - words[i]), words[i], number, mark + 1);
    else snprintf(word, sizeof word, "%s", words[i]);
    fprintf(to, "$%zu\r\n%s\r\n", strlen(word), word);
  }
  fclose(to);
  if (!has_noise) before = size;
  client->parts[0] = (struct iovec){text, before};
  client->parts[1] = (struct iovec){noise, has_noise ? noise_length : 0};
  client->parts[2] = (struct iovec){text + before, size - before};
  client->length = size + client->parts[1].iov_len;
}

static void connect_client(struct client *client, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  client->connection = socket(AF_INET, SOCK_STREAM, 0);
  const int yes = 1;
  setsockopt(client->connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect(client->connection, (const struct sockaddr *)&address, sizeof address) != 0) fail("no connection");
}

/* Sends on from where it stood. Returns whether all is sent. */
static int send_on(struct client *client) {
  struct iovec rest[3];
  int count = 0;
  size_t skip = client->sent;
  for (int i = 0; i < 3; i++) {
    if (skip >= client->parts[i].iov_len) {
      skip -= client->parts[i].iov_len;
      continue;
    }
    rest[count++] = (struct iovec){(char *)client->parts[i].iov_base + skip, client->parts[i].iov_len - skip};
    skip = 0;
  }
  struct msghdr message = {.msg_iov = rest, .msg_iovlen = (size_t)count};
  const ssize_t sent = sendmsg(client->connection, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent > 0) client->sent += (size_t)sent;
  return client->sent == client->length;
}

/* Length of the reply that begins here, or 0 if it is not whole. */
static size_t reply_length(const char *bytes, size_t length) {
  const char *end = memchr(bytes, '\n', length);
  if (end == NULL) return 0;
  size_t at = (size_t)(end - bytes) + 1;
  const long number = atol(bytes + 1);
  if (bytes[0] == '-') fail(bytes);
  if (bytes[0] == '$') {
    const size_t whole = at + (number < 0 ? 0 : (size_t)number + 2);
    return whole <= length ? whole : 0;
  }
  for (long i = 0; bytes[0] == '*' && i < number; i++) {
    const size_t part = at < length ? reply_length(bytes + at, length - at) : 0;
    if (part == 0) return 0;
    at += part;
  }
  return at;
}

/* Sends the command once and reads the whole reply, which shows how long it is. */
static size_t try_once(struct client *client) {
  client->sent = 0;
  while (!send_on(client)) {
  }
  size_t room = scratch_bytes, have = 0, length = 0;
  char *reply = malloc(room);
  while (length == 0) {
    if (have == room) reply = realloc(reply, room *= 2);
    const ssize_t more = recv(client->connection, reply + have, room - have, 0);
    if (more <= 0) fail("the server has closed the connection");
    have += (size_t)more;
    length = reply_length(reply, have);
  }
  free(reply);
  return length;
}

int main(int argc, char **argv) {
  if (argc < 5) fail("usage: commandRate PORT CLIENTS COMMANDS WORD...");
  const int port = atoi(argv[1]), clients = atoi(argv[2]);
  const long commands = atol(argv[3]);
  if (clients < 1 || clients > most_clients) fail("too many clients");
  for (int i = 4; i < argc; i++)
    if (argv[i][0] == '@') make_noise(strtoul(argv[i] + 1, NULL, 10));
  struct client all[most_clients] = {0};
  const int events = epoll_create1(0);
  size_t reply = 0;
  for (int i = 0; i < clients; i++) {
    make_command(&all[i], i, argv + 4, argc - 4);
    connect_client(&all[i], port);
    reply = try_once(&all[i]);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = &all[i]};
    epoll_ctl(events, EPOLL_CTL_ADD, all[i].connection, &event);
    all[i].sent = 0;
  }
  long begun = 0, done = 0;
  const double start = now();
  for (int i = 0; i < clients; i++, begun++) send_on(&all[i]);
  while (done < commands) {
    struct epoll_event ready[most_clients];
    const int count = epoll_wait(events, ready, most_clients, 10000);
    if (count <= 0) fail("the server does not answer");
    for (int i = 0; i < count; i++) {
      struct client *client = ready[i].data.ptr;
      if (client->sent < client->length) send_on(client);
      ssize_t more;
      while ((more = recv(client->connection, scratch, sizeof scratch, MSG_DONTWAIT)) > 0) {
        client->received += (size_t)more;
        if (client->received < reply) continue;
        client->received = 0;
        done++;
        if (begun >= commands) break;
        begun++;
        client->sent = 0;
        send_on(client);
        break;
      }
      if (more == 0) fail("the server has closed the connection");
    }
  }
  printf("seconds %.6f bytes %zu\n", now() - start, reply);
  return 0;
}
