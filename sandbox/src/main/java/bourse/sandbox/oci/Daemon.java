package bourse.sandbox.oci;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Docker or podman, behind a socket of Docker's API. All that is made here bears its owner's label.
final class Daemon implements AutoCloseable {
    /// Nobody, by number: an image may have no names for users.
    static final int USER = 65534;

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final String LABEL = "bourse.sandbox";
    private static final int MOST_CONNECTIONS = 1000;

    private final DockerHttpClient http;
    private final DockerClient docker;
    private final Map<String, String> labels;
    private final Path store;
    private final String architecture;
    private final String system;

    /// @param home an empty directory, so that no registry's password of this user is found
    /// @param owner whose containers these are; nobody else's are touched
    Daemon(URI socket, Path home, String owner) {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(socket.toString())
                .withDockerTlsVerify(false)
                .withDockerConfig(home.toString())
                .withRegistryUsername(null)
                .build();
        http = new ApacheDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .maxConnections(MOST_CONNECTIONS)
                .build();
        docker = DockerClientImpl.getInstance(config, http);
        labels = Map.of(LABEL, owner);
        store = Path.of(String.valueOf(docker.infoCmd().exec().getDockerRootDir()));
        var version = docker.versionCmd().exec();
        architecture = String.valueOf(version.getArch());
        system = String.valueOf(version.getOperatingSystem());
    }

    /// Bytes that its store could still take; always the same where this process can not see it.
    long room() {
        try {
            return Files.getFileStore(store).getUsableSpace();
        } catch (IOException _) {
            return Long.MAX_VALUE;
        }
    }

    DockerClient docker() {
        return docker;
    }

    String architecture() {
        return architecture;
    }

    String system() {
        return system;
    }

    /// Takes away what a process of the same owner left when it died.
    void sweep() {
        for (var container : docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(labels)
                .exec()) {
            removeContainer(container.getId());
        }
        var volumes = docker.listVolumesCmd()
                .withFilter(
                        "label",
                        labels.entrySet().stream()
                                .map(label -> label.getKey() + "=" + label.getValue())
                                .toList())
                .exec()
                .getVolumes();
        if (volumes != null) {
            volumes.forEach(volume -> removeVolume(volume.getName()));
        }
    }

    Optional<InspectImageResponse> image(String name) {
        try {
            return Optional.of(docker.inspectImageCmd(name).exec());
        } catch (NotFoundException _) {
            return Optional.empty();
        }
    }

    String createVolume(Map<String, String> options) {
        return docker.createVolumeCmd()
                .withDriver("local")
                .withDriverOpts(options)
                .withLabels(labels)
                .exec()
                .getName();
    }

    void removeVolume(String name) {
        try {
            docker.removeVolumeCmd(name).exec();
        } catch (NotFoundException _) {
            // It is gone.
        } catch (DockerException e) {
            LOG.warn("can not remove the volume {}: {}", name, e.getMessage());
        }
    }

    /// A container with all doors closed, to be opened by the caller as far as needed.
    CreateContainerCmd container(String image, HostConfig host) {
        return docker.createContainerCmd(image)
                .withLabels(labels)
                .withUser(USER + ":" + USER)
                .withHostName("task")
                .withStopTimeout(0)
                .withHostConfig(host.withReadonlyRootfs(true)
                        .withCapDrop(Capability.ALL)
                        .withSecurityOpts(List.of("no-new-privileges"))
                        .withIpcMode("private")
                        // A daemon would keep what a program prints on its disk, without a limit.
                        .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
                        // Said, because a daemon's own may be more than it may grant.
                        .withUlimits(List.of(
                                new Ulimit("nofile", 1024L, 1024L),
                                new Ulimit("nproc", 4096L, 4096L),
                                new Ulimit("core", 0L, 0L))));
    }

    String startKeeper(Bind bind) {
        if (image(Keeper.NAME).isEmpty()) {
            docker.loadImageCmd(new ByteArrayInputStream(Keeper.image(architecture)))
                    .exec();
        }
        var host = HostConfig.newHostConfig()
                .withNetworkMode("none")
                .withBinds(bind)
                .withMemory(16L << 20)
                .withMemorySwap(16L << 20)
                .withPidsLimit(4L);
        var id = container(Keeper.NAME, host).exec().getId();
        try {
            docker.startContainerCmd(id).exec();
            return id;
        } catch (RuntimeException e) {
            removeContainer(id);
            throw e;
        }
    }

    /// A tar of a path in a container. Closing it hangs up; docker-java's own stream would read it to its end first,
    /// and a file of nothing but a hole can be endless.
    InputStream read(String container, String path) {
        var response = http.execute(DockerHttpClient.Request.builder()
                .method(DockerHttpClient.Request.Method.GET)
                .path("/containers/" + container + "/archive?path=" + path)
                .build());
        if (response.getStatusCode() != 200) {
            response.close();
            throw new DockerException("can not read " + path + " in a container", response.getStatusCode());
        }
        return new FilterInputStream(response.getBody()) {
            @Override
            public void close() {
                response.close();
            }
        };
    }

    InspectContainerResponse inspect(String container) {
        return docker.inspectContainerCmd(container).exec();
    }

    /// Ends whatever runs in it, and takes it away.
    void removeContainer(String id) {
        kill(id);
        try {
            docker.removeContainerCmd(id)
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (NotFoundException _) {
            // It is gone.
        } catch (DockerException e) {
            LOG.warn("can not remove the container {}: {}", id, e.getMessage());
        }
    }

    void kill(String id) {
        try {
            docker.killContainerCmd(id).exec();
        } catch (NotFoundException | ConflictException | NotModifiedException _) {
            // It does not run.
        } catch (DockerException e) {
            LOG.debug("can not kill the container {}: {}", id, e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            docker.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
