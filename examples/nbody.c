// nbody STEPS: the sun and its large planets, STEPS hundredths of a year on; their places and the energy in nbody.txt.
#include "bourse.h"
#include <math.h>

enum { BODIES = 5 };
static const double SOLAR_MASS = 39.47841760435743, DAYS = 365.24;

typedef struct {
    const char *name;
    double x, y, z, vx, vy, vz, mass;
} Body;

// In astronomical units, years and 4 pi^2 solar masses; from the Computer Language Benchmarks Game.
static Body bodies[BODIES] = {
    {"Sun", 0, 0, 0, 0, 0, 0, 1},
    {"Jupiter", 4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
     1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05, 9.54791938424326609e-04},
    {"Saturn", 8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
     -2.76742510726411876e-03, 4.99852801234917238e-03, 2.30417297573763929e-05, 2.85885980666130812e-04},
    {"Uranus", 1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
     2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05, 4.36624404335156298e-05},
    {"Neptune", 1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
     2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05, 5.15138902046611451e-05}};

// A function of its own: the sandbox compiles a small hot one better than a main with everything in it.
__attribute__((noinline)) static void advance(double time) {
    for (int i = 0; i < BODIES; i++) {
        Body *a = bodies + i;
        for (int j = i + 1; j < BODIES; j++) {
            Body *b = bodies + j;
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            double square = dx * dx + dy * dy + dz * dz;
            double pull = time / (square * sqrt(square));
            a->vx -= dx * b->mass * pull, a->vy -= dy * b->mass * pull, a->vz -= dz * b->mass * pull;
            b->vx += dx * a->mass * pull, b->vy += dy * a->mass * pull, b->vz += dz * a->mass * pull;
        }
    }
    for (int i = 0; i < BODIES; i++) {
        Body *a = bodies + i;
        a->x += time * a->vx, a->y += time * a->vy, a->z += time * a->vz;
    }
}

static double energy(void) {
    double sum = 0;
    for (int i = 0; i < BODIES; i++) {
        Body *a = bodies + i;
        sum += 0.5 * a->mass * (a->vx * a->vx + a->vy * a->vy + a->vz * a->vz);
        for (int j = i + 1; j < BODIES; j++) {
            Body *b = bodies + j;
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            sum -= a->mass * b->mass / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return sum;
}

int main(int argc, char **argv) {
    long steps = number(argc, argv, 1, 1000000, 0, 2000000000);
    double px = 0, py = 0, pz = 0;
    for (int i = 0; i < BODIES; i++) {
        Body *a = bodies + i;
        if (i > 0) a->vx *= DAYS, a->vy *= DAYS, a->vz *= DAYS;
        a->mass *= SOLAR_MASS;
        px += a->vx * a->mass, py += a->vy * a->mass, pz += a->vz * a->mass;
    }
    bodies->vx = -px / SOLAR_MASS, bodies->vy = -py / SOLAR_MASS, bodies->vz = -pz / SOLAR_MASS;
    double before = energy();
    for (long i = 0; i < steps; i++) advance(0.01);
    FILE *file = open_output("nbody.txt");
    fprintf(file, "energy %.9f, then %.9f\n", before, energy());
    for (int i = 0; i < BODIES; i++) {
        fprintf(file, "%-8s %.9f %.9f %.9f\n", bodies[i].name, bodies[i].x, bodies[i].y, bodies[i].z);
    }
    close_output(file);
    result_is("nbody.txt");
}
