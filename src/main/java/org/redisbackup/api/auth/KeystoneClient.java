package org.redisbackup.api.auth;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.redisbackup.api.ApiException;
import org.redisbackup.api.ApiJson;
import org.redisbackup.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a Keystone, or what speaks its Identity API v3, about tokens. Never blocks, follows no redirect. */
public final class KeystoneClient {
    private static final Logger LOG = LoggerFactory.getLogger(KeystoneClient.class);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int TIMEOUT_SECONDS = 10;
    private static final int MAX_ANSWER = 1 << 20;

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;

    private static final String TOKEN = "X-Auth-Token";
    private static final String SUBJECT = "X-Subject-Token";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final URI tokens;
    private final KeystoneAccount account;
    private CompletableFuture<String> ownToken;

    /**
     * @param url of the API, such as {@code http://127.0.0.1:5000/v3}
     * @param account to ask with, or null to let every token vouch for itself
     */
    public KeystoneClient(URI url, KeystoneAccount account) {
        this.tokens = URI.create(url + "/auth/tokens");
        this.account = account;
    }

    /**
     * What the token is good for. Fails with an {@link ApiException}: {@link ErrorCode#INVALID_TOKEN} when it is unknown,
     * revoked or expired, {@link ErrorCode#INTERNAL} when there is no telling; the log has the reason then.
     *
     * @param token visible ASCII
     */
    CompletableFuture<IdentityToken> validate(String token) {
        CompletableFuture<HttpResponse<byte[]>> answer =
                account == null ? ask(token, token) : ownToken(null).thenCompose(own -> askAs(own, token));
        return answer.thenApply(this::read);
    }

    /** Asks once more with a new token of our own when the present one has ended. */
    private CompletableFuture<HttpResponse<byte[]>> askAs(String own, String token) {
        return ask(own, token)
                .thenCompose(answer -> answer.statusCode() == UNAUTHORIZED
                        ? ownToken(own).thenCompose(renewed -> ask(renewed, token))
                        : CompletableFuture.completedFuture(answer));
    }

    private CompletableFuture<HttpResponse<byte[]>> ask(String own, String token) {
        return send(HttpRequest.newBuilder(URI.create(tokens + "?nocatalog"))
                .header(TOKEN, own)
                .header(SUBJECT, token));
    }

    private IdentityToken read(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        if (status == OK) {
            try {
                return IdentityToken.read(json(answer));
            } catch (IOException | IllegalArgumentException e) {
                throw unusable("its answer can't be read");
            }
        }
        if (status == NOT_FOUND || (status == UNAUTHORIZED && account == null)) {
            throw AuthenticationException.token();
        }
        throw unusable("it answers " + status + (account == null ? "" : " to " + account));
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        return ApiJson.mapper().readTree(answer.body());
    }

    /**
     * A token of our own; all who need one at the same time wait for the same.
     *
     * @param refused one that is no good any more, or null
     */
    private synchronized CompletableFuture<String> ownToken(String refused) {
        boolean usable = ownToken != null
                && !ownToken.isCompletedExceptionally()
                && (refused == null || !refused.equals(ownToken.getNow(null)));
        if (!usable) {
            HttpRequest.Builder login = HttpRequest.newBuilder(URI.create(tokens + "?nocatalog"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(ApiJson.write(account.login())));
            // a connection that the server has closed in the meantime fails a POST; the next one is new
            ownToken = send(login).exceptionallyCompose(failure -> send(login)).thenApply(this::issued);
        }
        return ownToken;
    }

    private String issued(HttpResponse<byte[]> answer) {
        if (answer.statusCode() != CREATED) {
            throw unusable("it answers " + answer.statusCode() + " when " + account + " logs in");
        }
        return answer.headers().firstValue(SUBJECT).orElseThrow(() -> unusable("it issues no token to " + account));
    }

    /** The timeout holds for the whole answer; that of HttpRequest ends with the headers. */
    private CompletableFuture<HttpResponse<byte[]>> send(HttpRequest.Builder request) {
        CompletableFuture<HttpResponse<byte[]>> sent =
                http.sendAsync(request.build(), head -> new BoundedBody(MAX_ANSWER));
        return sent.copy().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).exceptionally(failure -> {
            sent.cancel(true);
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            throw unusable(
                    cause instanceof TimeoutException ? "no answer in " + TIMEOUT_SECONDS + " s" : cause.toString());
        });
    }

    private ApiException unusable(String reason) {
        LOG.warn("The identity service {} can't tell about a token: {}", tokens, reason);
        return new ApiException(ErrorCode.INTERNAL);
    }
}
