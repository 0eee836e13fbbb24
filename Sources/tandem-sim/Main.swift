import Simulation

@main
enum Main {
    static func main() async {
        await TandemSim.begin()
    }
}
