import Director

@main
enum Main {
    static func main() async {
        await Tandemd.begin()
    }
}
